"""Light modules without hardware: Modbus devices on a paced pty or on TCP, and a hand to press and break them."""

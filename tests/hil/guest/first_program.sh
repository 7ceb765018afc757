#!/bin/busybox sh
# The first program of the guest: load the modules that reach the disk and the project, then hand over.
B=/bin/busybox
$B mount -t proc proc /proc
$B mount -t sysfs sysfs /sys
$B mount -t devtmpfs devtmpfs /dev

SOURCE=/opt/picklight/src
INIT=
for word in $($B cat /proc/cmdline); do
    case "$word" in
        hil.init=*) INIT="${word#hil.init=}" ;;
        hil.probe) echo "HIL-PROBE-OK"; $B sleep 1; $B poweroff -f ;;
    esac
done

for module in $($B cat /modules.order); do
    $B insmod "/modules/$module" || echo "hil: cannot load $module"
done

tries=0
while [ ! -b /dev/vda ] && [ $tries -lt 100 ]; do $B sleep 0.1; tries=$((tries + 1)); done
$B mount -t ext4 -o noatime /dev/vda /new || { echo "hil: cannot mount the disk"; $B poweroff -f; }
$B mount -t 9p -o ro,trans=virtio,version=9p2000.L,cache=loose,msize=262144 repo /new$SOURCE ||
    { echo "hil: cannot mount the project"; $B poweroff -f; }

$B mount -o move /dev /new/dev
$B mount -o move /sys /new/sys
$B mount -o move /proc /new/proc
[ -n "$INIT" ] && exec $B switch_root /new "$INIT"
export PYTHONPATH=$SOURCE
exec $B switch_root /new /usr/bin/python3 -m tests.hil.guest.agent

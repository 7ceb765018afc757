#!/usr/bin/env bash
# Set up this folder for `run`, `test` or `hil`. Safe to repeat; takes a blink when there is nothing to do.
#
#   run    the virtual environment from requirements.lock, and Mosquitto
#   test   also requirements-dev.lock, and what the tests drive: strace, mbpoll, Chromium, Chinese fonts,
#          espeak-ng, CUPS, poppler
#   hil    what `test` installs, and what builds and starts the virtual machines of tests/hil
#
# System packages come from Debian (or a system like it) with apt-get, with sudo if you are not root. Nothing on the
# system is switched off or reconfigured.
set -euo pipefail
cd "$(dirname "$0")/.."
PATH="$PATH:/usr/sbin:/sbin" # Debian keeps mosquitto in /usr/sbin, which is not on everybody's path

purpose=${1:-run}
case $purpose in
run) lock=requirements.lock stamp=.venv/made-for-run ;;
test | hil) lock=requirements-dev.lock stamp=.venv/made-for-test ;;
*)
  echo "setup: say run, test or hil, not '$purpose'" >&2
  exit 2
  ;;
esac

say() { echo "setup: $*" >&2; }

stop() {
  say "$1"
  say "Do this, then repeat:  $2"
  exit 1
}

# ---- system packages ----

as_root=()
if [ "$(id -u)" -ne 0 ]; then as_root=(sudo); fi

apt_install() { # apt_install "what for" package…
  local why=$1
  shift
  local by_hand="sudo apt-get update && sudo apt-get install -y --no-install-recommends $*"
  say "installing $* ($why)"
  command -v apt-get >/dev/null || stop "this system has no apt-get; install $* by its own means" "$by_hand"
  if [ ${#as_root[@]} -gt 0 ] && ! command -v sudo >/dev/null; then
    stop "not root, and sudo is missing" "su -c 'apt-get update && apt-get install -y --no-install-recommends $*'"
  fi
  local install=("${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends "$@")
  # Lists that are missing or too old name files that are no longer there: fetch them and try once more.
  "${install[@]}" >/dev/null 2>&1 ||
    { "${as_root[@]}" apt-get update -q >/dev/null && "${install[@]}" >/dev/null; } ||
    stop "could not install $*" "$by_hand"
}

need() { # need program package "what for"
  # shellcheck disable=SC2086 # several packages may serve one purpose
  command -v "$1" >/dev/null || apt_install "$3" $2
}

# ---- Python ----

find_python() {
  local name
  for name in ${PYTHON:-} python3 python3.13 python3.12 python3.11; do
    if command -v "$name" >/dev/null && "$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
      command -v "$name"
      return
    fi
  done
  stop "picklight needs Python 3.11 or newer; found: $(python3 --version 2>/dev/null || echo none)" \
    "install it, then: make PYTHON=/path/to/python3.11 run"
}

make_environment() {
  local python=$1
  if ! "$python" -c 'import ensurepip, venv' 2>/dev/null; then
    case $python in
    /usr/bin/*) apt_install "Python's virtual environments" "$(basename "$("$python" -c \
      'import sys; print(f"python3.{sys.version_info[1]}")')")-venv" ;;
    *) stop "$python cannot make virtual environments (no venv or ensurepip)" "make PYTHON=/usr/bin/python3 run" ;;
    esac
  fi
  [ -e /etc/ssl/certs/ca-certificates.crt ] || ! command -v apt-get >/dev/null ||
    apt_install "certificates, to download over TLS" ca-certificates
  if [ -d .venv ] && ! .venv/bin/python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
    say "the environment in .venv is broken or too old; making it anew"
    rm -rf .venv
  fi
  [ -x .venv/bin/python ] || "$python" -m venv .venv
}

install_locked() {
  say "installing Python packages from $lock (the first time takes a minute)"
  local pip=(.venv/bin/python -m pip --disable-pip-version-check install -qq)
  "${pip[@]}" --require-hashes -r "$lock" ||
    stop "the packages of $lock could not be installed (see above)" "check the network, then: make setup"
  # A plain path entry to this folder, so that new modules are seen at once.
  "${pip[@]}" --no-deps --no-build-isolation --no-index --config-settings editable_mode=compat -e . ||
    stop "picklight itself could not be installed (see above)" "make clean setup"
}

fingerprint() { # what the environment was made from: a lock, the project's settings, where it stands, which Python
  { sha256sum "$1" pyproject.toml && pwd && .venv/bin/python -VV; } 2>/dev/null | sha256sum | cut -c1-32
}

if [ ! -e "$stamp" ] || [ "$(cat "$stamp")" != "$(fingerprint "$lock")" ]; then
  python=$(find_python)
  make_environment "$python"
  install_locked
  fingerprint "$lock" >"$stamp"
  # The lock for tests holds everything of the one to run, in the same versions.
  [ "$purpose" = run ] || fingerprint requirements.lock >.venv/made-for-run
fi

need mosquitto mosquitto "the MQTT broker"
if [ "$purpose" != run ]; then
  need strace strace "the power-cut tests"
  need mbpoll mbpoll "a second opinion on Modbus"
  need systemd-analyze systemd "the score of our units"
  need espeak-ng espeak-ng "the bench's voice"
  need cupsd "cups-daemon cups-client" "the printing tests"
  need pdftoppm poppler-utils "the simulated label printer"
  command -v chromium >/dev/null || command -v chromium-browser >/dev/null ||
    apt_install "the browser tests" chromium
  [ -e /usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc ] || apt_install "Chinese text in pictures" fonts-noto-cjk
fi
if [ "$purpose" = hil ]; then
  need qemu-system-x86_64 qemu-system-x86 "virtual machines"
  need mmdebstrap mmdebstrap "the virtual machines' disk"
  need gcc gcc "a kernel module for them"
  need make make "a kernel module for them"
  need xz xz-utils "a kernel module for them"
  need mke2fs e2fsprogs "the virtual machines' disk"
fi

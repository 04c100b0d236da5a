#!/usr/bin/env bash
# In a unit of a person's own systemd (252, Debian 12), ProtectSystem=strict and PrivateTmp=yes do nothing unless
# PrivateUsers=yes stands beside them: the service starts, writes to the home folder, sees the real /tmp, and neither
# `systemd-analyze verify` nor the journal says a word. Seen with systemd 252.39-1~deb12u2 on 2026-11-27. (systemd 253
# and later are said to imply PrivateUsers=; then the first line below changes, and this exits 1.)
# Needs root, to start a manager of its own for the user "games", and systemd and util-linux installed.
set -euo pipefail
test "$(id -u)" = 0 || { echo "run as root"; exit 2; }
folder=$(mktemp -d -p /srv)
cgroups=()
for each in /sys/fs/cgroup/systemd /sys/fs/cgroup/unified /sys/fs/cgroup; do
    test -e "$each/cgroup.procs" && mkdir -p "$each/finding-$$" && chown -R games "$each/finding-$$" && cgroups+=("$each/finding-$$")
done
mkdir -p "$folder/run" "$folder/home" && chmod 755 "$folder" && chown -R games "$folder/run" "$folder/home" && chmod 700 "$folder/run"
as_games=(env -i "PATH=$PATH" "HOME=$folder/home" "XDG_RUNTIME_DIR=$folder/run" setpriv --reuid=games --regid=games --clear-groups)

unshare --mount bash -c '
    mkdir -p /run/systemd && mount -t tmpfs tmpfs /run/systemd && mkdir /run/systemd/system  # "booted with systemd"
    for each in '"${cgroups[*]}"'; do echo $$ > "$each/cgroup.procs"; done
    exec "$@"' - "${as_games[@]}" /lib/systemd/systemd --user >"$folder/log" 2>&1 &
manager=$!
inside() { nsenter --mount --target "$manager" "${as_games[@]}" "$@"; }
cleanup() {
    inside systemctl --user exit 2>/dev/null || kill "$manager" || true
    wait "$manager" || true
    for each in "${cgroups[@]}"; do find "$each" -depth -type d -exec rmdir {} + 2>/dev/null || true; done
    rm -rf "$folder"
}
trap cleanup EXIT
for _ in $(seq 100); do inside systemctl --user is-system-running 2>/dev/null | grep -qE 'running|degraded' && break; sleep 0.1; done

writes() {
    inside systemd-run --user --wait --pipe --quiet -p ProtectSystem=strict -p PrivateTmp=yes "$@" \
        sh -c "touch $folder/home/probe 2>/dev/null && echo 'home is written' || echo 'home is read-only'"
}
systemctl --version | head -1
alone=$(writes)
with=$(writes -p PrivateUsers=yes)
echo "ProtectSystem=strict alone:               $alone"
echo "ProtectSystem=strict, PrivateUsers=yes:   $with"
test "$alone" = "home is written" && test "$with" = "home is read-only" || { echo "this has changed"; exit 1; }

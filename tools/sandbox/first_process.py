"""The shell of a few lines that is the first process of a command's own process namespace.

It waits until the supervisor has read its clocks, runs the command, says when it has ended, and waits until the
supervisor has counted what it left behind. Its own count serves where there is no control group to count by.
"""

from tools.sandbox.launch import GATE_FD, STATUS_FD

SCRIPT = f"""
echo + >&{STATUS_FD}
read -r go <&{GATE_FD} || exit 125
exec 5>&2 2>/dev/null
(exec "$@" 2>&5 5>&- {GATE_FD}<&- {STATUS_FD}>&-)
code=$?
left=-1
for process in /proc/[0-9]*; do
  read -r line 2>/dev/null <"$process/stat" || continue
  case "${{line##*) }}" in [ZX]*) ;; *) left=$((left + 1)) ;; esac
done
echo "=$left" >&{STATUS_FD}
read -r go <&{GATE_FD}
exit "$code"
"""

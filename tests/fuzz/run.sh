#!/bin/sh
# run.sh RUNS SECONDS SEEDS TARGET - let libFuzzer work on a target, RUNS times or, if
# that is empty, for so many SECONDS.  It begins with the seeds and with what earlier runs
# here have found.  What breaks the target is kept in tests/fuzz/found.
set -eu

runs=$1 seconds=$2 target=$4
name=${target##*/fuzz_}
seeds=$3/$name corpus=tests/fuzz/corpus/$name found=tests/fuzz/found words=$3/$name.dict
log=$found/$name.log

set -- -max_len=4096 -timeout=10 -print_final_stats=1 -artifact_prefix="$found/$name-"
if [ -n "$runs" ]; then
	set -- "$@" -runs="$runs"
else
	set -- "$@" -max_total_time="$seconds"
fi
[ ! -f "$words" ] || set -- "$@" -dict="$words"

# Twice as fast as with the defaults, which whoever replays an input has again: what was
# freed is kept from use for a while, less is told of where it came from.
export ASAN_OPTIONS=quarantine_size_mb=1:malloc_context_size=1:max_malloc_fill_size=0
mkdir -p "$corpus" "$found"
status=0
"$target" "$@" "$corpus" "$seeds" >"$log" 2>&1 || status=1
execs=$(sed -n 's/^stat::number_of_executed_units: *//p' "$log")
[ "${execs:-0}" -ge "${runs:-1}" ] || status=1
if [ $status != 0 ]; then
	tail -n 40 "$log"
	for input in "$found/$name"-*; do
		[ ! -f "$input" ] || echo "to see it again: $target $input"
	done
fi
echo "fuzzed $name ${execs:-0} $status"
exit $status

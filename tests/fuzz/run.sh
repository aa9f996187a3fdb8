#!/bin/sh
# run.sh SECONDS SEEDS TARGET... - let libFuzzer work on each target for so long,
# over a copy of its seeds, and print how often it ran.  What breaks a target is
# kept in tests/fuzz/found.
set -eu

seconds=$1 seeds=$2 status=0
shift 2
mkdir -p tests/fuzz/found
for target; do
	name=${target##*/fuzz_}
	corpus=tests/fuzz/corpus/$name log=tests/fuzz/found/$name.log
	mkdir -p "$corpus"
	cp "$seeds/$name"/* "$corpus"
	if ! "$target" -max_total_time="$seconds" -max_len=4096 -timeout=10 -print_final_stats=1 \
	    -artifact_prefix="tests/fuzz/found/$name-" "$corpus" > "$log" 2>&1; then
		status=1
		tail -n 20 "$log" >&2
	fi
	sed -n "s/^stat::number_of_executed_units: */figure fuzz_execs_$name /p" "$log" |
	    sed 's/$/ executions/'
done
exit $status

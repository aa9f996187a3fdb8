#!/bin/sh
# run.sh SECONDS SEEDS TARGET... - let libFuzzer work on each target for so long,
# over a copy of its seeds, and print how often it ran.
set -eu

seconds=$1 seeds=$2
shift 2
for target; do
	name=${target##*/fuzz_}
	mkdir -p "tests/fuzz/corpus/$name" tests/fuzz/found
	cp "$seeds/$name"/* "tests/fuzz/corpus/$name"
	log=tests/fuzz/found/$name.log
	"$target" -max_total_time="$seconds" -max_len=4096 -timeout=10 -print_final_stats=1 \
	    -artifact_prefix="tests/fuzz/found/$name-" "tests/fuzz/corpus/$name" > "$log" 2>&1 || {
		tail -n 40 "$log"
		echo "$target: see tests/fuzz/found" >&2
		exit 1
	}
	sed -n "s/^stat::number_of_executed_units: *\([0-9]*\)/figure fuzz_execs_$name \1 executions/p" "$log"
done

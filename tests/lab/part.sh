#!/bin/sh
# part.sh LANE PART... - for ./check: run these parts one after the other, and leave how many
# tests passed in build/check/tally, and what was measured in build/check/figures.  LANE is
# as 1/4, the first of four that run beside each other: lab/places.py keeps them apart.
set -eu
. tests/lab/prepare.sh

export LATCHKEY_LANE="$1"
shift
results=build/check
figures=$results/figures

count() {
	printf '%s %s\n' "$1" "$2" >>$results/tally
	say "$3: $1 passed, $2 failed"
}

# one NAME COMMAND... : a test that is one command; what it says matters if it fails.
one() {
	what=$1
	said=$results/$part.said
	shift
	if "$@" >"$said" 2>&1; then
		echo 1 0 >>$results/tally
		grep '^figure ' "$said" >>$figures || :
	else
		echo 0 1 >>$results/tally
		say "FAILED $what"
		tail -n 200 "$said"
	fi
}

# What is made, and what is not English.
NOT_SPELT='./.git,./build*,./autom4te.cache,./aclocal.m4,./configure*,./config.h.in*,./Makefile.in'
NOT_SPELT="$NOT_SPELT,./share/po/nl.po,./tests/fuzz/seeds"

run_lint() {
	for script in demo check .ci/run tests/lab/p*.sh tests/fuzz/run.sh debian/latchkey.p*; do
		[ ! -f "$script" ] || one "shellcheck $script" shellcheck -x "$script"
	done
	for page in man/*.[1-8] build/man/*.[1-8]; do
		[ ! -f "$page" ] || one "mandoc $page" mandoc -Tlint -Wwarning "$page"
	done
	one "spelling" codespell --ignore-words=tests/lab/words --skip="$NOT_SPELT" .
	one "sizes of functions and files" $PYTHON tests/lab/sizes.py
	one "tests that doc/SECURITY names" $PYTHON tests/lab/claims.py
}

# Each cmocka program says how many of its tests passed; one that crashed says nothing.  The
# explorer only looks around: it is a part of its own, which one processor is enough for.
run_unit() {
	LATCHKEY_DEPTH=1 make -C build -k -j"$(nproc)" check >$results/unit.log 2>&1 || :
	counts=$($PYTHON tests/lab/counts.py unit build $results/unit.log)
	# shellcheck disable=SC2086 # two numbers
	count $counts unit
}

run_explore() {
	make -C build tests/explore/explore >/dev/null
	one "explorer" build/tests/explore/explore
}

# clang's sanitizers watch the fuzz targets, the units and the programs: in one build, as to
# make it takes longer than to run it.
build_watched() {
	build build-fuzz CC=clang --enable-fuzzers
}

# Each target is one test: so many inputs of libFuzzer's own, and nothing found.
run_fuzz() {
	build_watched
	rm -rf build-fuzz/tests/fuzz/corpus build-fuzz/tests/fuzz/found
	make -C build-fuzz -k -j"$(nproc)" fuzz RUNS="$($PYTHON tests/lab/effort.py 2000000)" \
		>$results/fuzz.log 2>&1 || :
	counts=$($PYTHON tests/lab/counts.py fuzz $results/fuzz.log $figures)
	case $counts in
	*" 0") ;;
	*) grep -v '^fuzzed .* 0$' $results/fuzz.log ;;
	esac
	# shellcheck disable=SC2086 # two numbers
	count $counts fuzz
}

# What a sanitizer finds stands in a file of its own, whatever the test makes of it.  Leaks
# are left to the units: to look for them takes rights that the programs do not have.  Freed
# memory, which one test looks through, is not ours to wipe there (base/heap.c).
run_watched() {
	rm -f "$results"/watched.*
	env ASAN_OPTIONS="detect_leaks=0:log_path=$PWD/$results/watched" \
		UBSAN_OPTIONS="print_stacktrace=1:log_path=$PWD/$results/watched" \
		PYTHONPATH=tests PYTHONDONTWRITEBYTECODE=1 LATCHKEY_BUILD="$PWD/build-fuzz" \
		$PYTHON -m pytest -p no:cacheprovider -q --tb=short \
		--deselect tests/system/test_secrets.py::test_not_left_in_the_portal "$@" || return 1
	! cat "$results"/watched.* 2>/dev/null
}

# What is left out is left out of .clang-tidy too, with the reason.
run_scan() {
	build build-scan CC=clang && make -C build-scan clean >/dev/null &&
		scan-build --status-bugs -disable-checker unix.Malloc -o "$results/scan" \
			make -C build-scan -j"$(nproc)"
}

# Tools that read the code, and tools that watch the tests; each of them is one test.
WATCHED='tests/abuse/test_peers.py tests/system/test_walks.py'
run_analyse() {
	for tool in gcc cppcheck ${LATCHKEY_LONG:+tidy memcheck}; do
		one "analyse-$tool" make -C build -j"$(nproc)" "analyse-$tool"
	done
	build_watched
	# The explorer goes as deep as that takes without them.
	one "unit tests with sanitizers" env LATCHKEY_DEPTH=2 make -C build-fuzz -k \
		-j"$(nproc)" check
	if [ -n "${LATCHKEY_LONG:-}" ]; then
		one "scan-build" run_scan
		build build-san --enable-sanitizers
		one "unit tests with gcc's sanitizers" make -C build-san -k -j"$(nproc)" check
		one "system tests with sanitizers" run_watched tests/abuse tests/system
	else
		# shellcheck disable=SC2086 # a list of names
		one "some system tests with sanitizers" run_watched $WATCHED
		say "analyse: left to --long: clang-tidy, scan-build, valgrind, gcc's sanitizers, other system tests with clang's"
	fi
}

# Active Directory is the half of tests/system that takes a domain controller.
run_pytest() {
	case $1 in
	ad) of='tests/system/test_ad_*.py' ;;
	system) of='tests/system --ignore-glob=*/test_ad_*' ;;
	*) of=tests/$1 ;;
	esac
	# shellcheck disable=SC2086 # a list of names
	env PYTHONPATH=tests PYTHONDONTWRITEBYTECODE=1 LATCHKEY_BUILD="$PWD/build" \
		$PYTHON -m pytest -p no:cacheprovider -q -rfEs --tb=short \
		--junitxml="$results/$1.xml" $of >"$results/$1.log" 2>&1 || :
	grep '^figure ' "$results/$1.log" >>$figures || :
	counts=$($PYTHON tests/lab/counts.py pytest "$results/$1.xml")
	case $counts in
	*" 0") ;;
	*) grep -v '^figure ' "$results/$1.log" ;;
	esac
	# shellcheck disable=SC2086 # two numbers
	count $counts "$1"
}

# What a part says is shown when it ends: beside it others speak.
for part; do
	say "$part: running"
	began=$(date +%s)
	case $part in
	lint | unit | explore | fuzz | analyse) run="run_$part" ;;
	*) run="run_pytest $part" ;;
	esac
	($run) >"$results/$part.out" 2>&1 || echo 0 1 >>$results/tally
	cat "$results/$part.out"
	say "$part: took $(($(date +%s) - began)) s"
done

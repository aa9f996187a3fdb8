# What reads the code instead of running it, one rule for each tool; "./check analyse"
# runs them all.  Each is silent unless it finds something, and then fails.
ANALYSE_FLAGS = $(DEFS) $(DEFAULT_INCLUDES) $(AM_CPPFLAGS) $(CPPFLAGS) -std=c17
ANALYSE_EACH = find $(srcdir)/src -name '*.c' | sort | xargs -P "$$(nproc)" -I '{}'
EXTRA_DIST += .clang-tidy tests/analyse/cppcheck.suppressions tests/analyse/queue.cfg

analyse-tidy:
	@$(ANALYSE_EACH) clang-tidy --quiet '{}' -- $(ANALYSE_FLAGS) 2>/dev/null

# It does not follow sys/queue.h either, see .clang-tidy, clang-analyzer-unix.Malloc, nor
# what a tree of tsearch() or an array keeps; the sanitizers and valgrind do.
analyse-gcc:
	@$(ANALYSE_EACH) $(CC) $(ANALYSE_FLAGS) -O1 -fanalyzer -Werror \
	    -Wno-analyzer-use-after-free -Wno-analyzer-malloc-leak -c -o /dev/null '{}'

analyse-cppcheck:
	@cd $(srcdir) && cppcheck -j "$$(nproc)" --quiet --error-exitcode=1 --inline-suppr \
	    --enable=warning,portability,performance --std=c11 --library=posix --library=gnu \
	    --library=tests/analyse/queue.cfg \
	    --suppressions-list=tests/analyse/cppcheck.suppressions \
	    -D_GNU_SOURCE -Isrc src

# The units, each under valgrind: an error or a definite leak fails it.
MEMCHECK_FLAGS = -q --error-exitcode=99 --leak-check=full --errors-for-leak-kinds=definite
analyse-memcheck:
	@$(MAKE) check TESTS="$$(cd $(srcdir) && echo tests/unit/test_*.c | sed 's/\.c//g')" \
	    LOG_COMPILER=valgrind LOG_FLAGS='$(MEMCHECK_FLAGS)'

.PHONY: analyse-tidy analyse-gcc analyse-cppcheck analyse-memcheck

# The manual, in mdoc; "mandoc -Tlint" finds nothing in it.  The list of settings in
# latchkey.conf(5) is what the programs print, so that it cannot say anything else.
dist_man_MANS = man/latchkey.8 man/latchkeyd.8 man/latchkey-portal.8 man/latchkey-registrar.8 \
	man/latchkey-courier.8 man/latchkey.conf.5
EXTRA_DIST += man/latchkey.conf.5.in man/settings.awk
CLEANFILES += man/latchkey.conf.5

# Where what is built cannot run, the page is that which came with a release.
if !CROSS
man/latchkey.conf.5: man/latchkey.conf.5.in man/settings.awk $(sbin_PROGRAMS)
	$(AM_V_GEN)$(MKDIR_P) man && for p in $(sbin_PROGRAMS); do ./$$p --settings || exit 1; \
	done > man/settings && $(AWK) -f $(srcdir)/man/settings.awk man/settings \
	$(srcdir)/man/latchkey.conf.5.in > $@.new && mv $@.new $@ && rm -f man/settings
endif

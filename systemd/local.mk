# Four services, their sockets, and one target for all of them.
systemdunitdir = $(prefix)/lib/systemd/system
sysusersdir = $(prefix)/lib/sysusers.d
tmpfilesdir = $(prefix)/lib/tmpfiles.d

dist_systemdunit_DATA = systemd/latchkey.target systemd/latchkey-portal.socket \
	systemd/latchkeyd-portal.socket systemd/latchkeyd-registrar.socket \
	systemd/latchkeyd-courier.socket systemd/latchkeyd-control.socket \
	systemd/latchkey-metrics.socket
nodist_systemdunit_DATA = systemd/latchkeyd.service systemd/latchkey-portal.service \
	systemd/latchkey-registrar.service systemd/latchkey-courier.service
dist_examples_DATA += systemd/examples/registrar-kerberos.conf
dist_sysusers_DATA = systemd/sysusers.d/latchkey.conf
nodist_tmpfiles_DATA = systemd/tmpfiles.d/latchkey.conf
FILLED_IN = $(nodist_systemdunit_DATA) $(nodist_tmpfiles_DATA)
EXTRA_DIST += $(FILLED_IN:=.in) systemd/common.in
CLEANFILES += $(FILLED_IN)

# Where things are is known when make runs, not when configure does.  What the units have
# in common is in each of them, so that an admin reads all of it in one place.
COMMON = $(srcdir)/systemd/common.in
FILL_IN = $(AM_V_GEN)$(MKDIR_P) $(@D) && sed -e '/^@common[@]$$/{' -e 'r $(COMMON)' -e 'd' \
	-e '}' $(srcdir)/$@.in | sed -e 's|@sbindir[@]|$(sbindir)|g' \
	-e 's|@sysconfdir[@]|$(sysconfdir)|g' > $@
$(FILLED_IN): %: %.in $(COMMON) Makefile
	$(FILL_IN)

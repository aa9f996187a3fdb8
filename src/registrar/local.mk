# The one that speaks to the directory.
noinst_LIBRARIES += src/registrar/libregistrar.a
src_registrar_libregistrar_a_SOURCES = \
	src/registrar/account.c src/registrar/account.h \
	src/registrar/answer.c src/registrar/answer.h \
	src/registrar/dialect.c src/registrar/dialect.h \
	src/registrar/groups.c src/registrar/groups.h \
	src/registrar/guard.c src/registrar/guard.h \
	src/registrar/hash.c src/registrar/hash.h \
	src/registrar/hash_list.c src/registrar/hash_list.h \
	src/registrar/mark.c src/registrar/mark.h \
	src/registrar/parent.c src/registrar/parent.h \
	src/registrar/password.c src/registrar/password.h \
	src/registrar/policy.c src/registrar/policy.h \
	src/registrar/proof.c src/registrar/proof.h \
	src/registrar/remedy.c src/registrar/remedy.h \
	src/registrar/rules.c src/registrar/rules.h \
	src/registrar/settings.c src/registrar/settings.h \
	src/registrar/ticket.c src/registrar/ticket.h \
	src/registrar/when.c src/registrar/when.h \
	src/registrar/worker.c src/registrar/worker.h

# Behind ldap.h: libldap, and which servers there are.
src_registrar_libregistrar_a_SOURCES += \
	src/registrar/ldap/filter.c src/registrar/ldap/filter.h \
	src/registrar/ldap/ldap.c src/registrar/ldap/ldap.h src/registrar/ldap/ldap_own.h \
	src/registrar/ldap/ldap_all.c src/registrar/ldap/ldap_all.h \
	src/registrar/ldap/ldap_connect.c \
	src/registrar/ldap/ldap_dn.c \
	src/registrar/ldap/ldap_read.c \
	src/registrar/ldap/ldap_server.c \
	src/registrar/ldap/ldap_sign_in.c \
	src/registrar/ldap/ldap_write.c \
	src/registrar/ldap/servers.c src/registrar/ldap/servers.h \
	src/registrar/ldap/srv.c src/registrar/ldap/srv.h

# The two kinds of directories.
src_registrar_libregistrar_a_SOURCES += \
	src/registrar/ad/acl.c src/registrar/ad/acl.h \
	src/registrar/ad/dialect_ad.c src/registrar/ad/dialect_ad.h \
	src/registrar/ad/dialect_ad_changed.c \
	src/registrar/ad/dialect_ad_domain.c \
	src/registrar/ad/dialect_ad_rules.c \
	src/registrar/ad/dialect_ad_set.c \
	src/registrar/ad/groups_ad.c \
	src/registrar/ad/metadata.c src/registrar/ad/metadata.h \
	src/registrar/ad/sid.c src/registrar/ad/sid.h \
	src/registrar/openldap/dialect_openldap.c \
	src/registrar/openldap/groups_openldap.c

# What --check and --canary ask.
src_registrar_libregistrar_a_SOURCES += \
	src/registrar/check/canary.c src/registrar/check/canary.h \
	src/registrar/check/census.c src/registrar/check/census.h \
	src/registrar/check/certificate.c src/registrar/check/certificate.h \
	src/registrar/check/check.c src/registrar/check/check.h \
	src/registrar/check/check_ad.c src/registrar/check/check_ad.h \
	src/registrar/check/check_ad_rights.c

sbin_PROGRAMS += latchkey-registrar
latchkey_registrar_SOURCES = src/registrar/main.c
REGISTRAR_LIBS = src/registrar/libregistrar.a $(HOUSE_LIBS)
latchkey_registrar_LDADD = $(REGISTRAR_LIBS) $(LDAP_LIBS) $(BASE_LIBS)

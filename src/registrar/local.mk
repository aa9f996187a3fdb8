# The one that speaks to the directory.
noinst_LIBRARIES += src/registrar/libregistrar.a
src_registrar_libregistrar_a_SOURCES = \
	src/registrar/account.c src/registrar/account.h \
	src/registrar/acl.c src/registrar/acl.h \
	src/registrar/answer.c src/registrar/answer.h \
	src/registrar/canary.c src/registrar/canary.h \
	src/registrar/census.c src/registrar/census.h \
	src/registrar/certificate.c src/registrar/certificate.h \
	src/registrar/check.c src/registrar/check.h \
	src/registrar/check_ad.c src/registrar/check_ad.h \
	src/registrar/check_ad_rights.c \
	src/registrar/dialect.c src/registrar/dialect.h \
	src/registrar/dialect_ad.c src/registrar/dialect_ad.h \
	src/registrar/dialect_ad_changed.c \
	src/registrar/dialect_ad_domain.c \
	src/registrar/dialect_ad_rules.c \
	src/registrar/dialect_ad_set.c \
	src/registrar/dialect_openldap.c \
	src/registrar/filter.c src/registrar/filter.h \
	src/registrar/groups.h \
	src/registrar/groups_ad.c \
	src/registrar/groups_openldap.c \
	src/registrar/guard.c src/registrar/guard.h \
	src/registrar/hash.c src/registrar/hash.h \
	src/registrar/hash_list.c src/registrar/hash_list.h \
	src/registrar/ldap.c src/registrar/ldap.h src/registrar/ldap_own.h \
	src/registrar/ldap_all.c src/registrar/ldap_all.h \
	src/registrar/ldap_connect.c \
	src/registrar/ldap_dn.c \
	src/registrar/ldap_read.c \
	src/registrar/ldap_sign_in.c \
	src/registrar/ldap_write.c \
	src/registrar/mark.c src/registrar/mark.h \
	src/registrar/metadata.c src/registrar/metadata.h \
	src/registrar/parent.c src/registrar/parent.h \
	src/registrar/password.c src/registrar/password.h \
	src/registrar/proof.c src/registrar/proof.h \
	src/registrar/remedy.c src/registrar/remedy.h \
	src/registrar/rules.c src/registrar/rules.h \
	src/registrar/servers.c src/registrar/servers.h \
	src/registrar/settings.c src/registrar/settings.h \
	src/registrar/sid.c src/registrar/sid.h \
	src/registrar/srv.c src/registrar/srv.h \
	src/registrar/ticket.c src/registrar/ticket.h \
	src/registrar/when.c src/registrar/when.h \
	src/registrar/worker.c src/registrar/worker.h
sbin_PROGRAMS += latchkey-registrar
latchkey_registrar_SOURCES = src/registrar/main.c
REGISTRAR_LIBS = src/registrar/libregistrar.a $(HOUSE_LIBS)
latchkey_registrar_LDADD = $(REGISTRAR_LIBS) $(LDAP_LIBS) $(BASE_LIBS)

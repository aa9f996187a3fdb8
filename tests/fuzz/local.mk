# A target is fuzz_NAME.c, its seeds are seeds/NAME; replay it by hand with
# "tests/fuzz/fuzz_NAME FILE".  With --enable-fuzzers, "make fuzz SECONDS=60"
# looks for more.
FUZZ_TARGETS = tests/fuzz/fuzz_account tests/fuzz/fuzz_acl tests/fuzz/fuzz_answer \
	tests/fuzz/fuzz_api tests/fuzz/fuzz_birthdate tests/fuzz/fuzz_catalog tests/fuzz/fuzz_conf \
	tests/fuzz/fuzz_filter tests/fuzz/fuzz_flow tests/fuzz/fuzz_form tests/fuzz/fuzz_head \
	tests/fuzz/fuzz_metadata tests/fuzz/fuzz_msg tests/fuzz/fuzz_page tests/fuzz/fuzz_phone \
	tests/fuzz/fuzz_sid tests/fuzz/fuzz_srv tests/fuzz/fuzz_template tests/fuzz/fuzz_text tests/fuzz/fuzz_ticket \
	tests/fuzz/fuzz_value
EXTRA_DIST += tests/fuzz/seeds tests/fuzz/run.sh

if FUZZERS
# Without seeds to read, such a program would never end: no test harness for it.
noinst_PROGRAMS += $(FUZZ_TARGETS)
FUZZ_COMMON = tests/fuzz/fuzz.c tests/fuzz/fuzz.h
FUZZ_LINK = $(AM_LDFLAGS) -fsanitize=fuzzer
SECONDS = 60

check-local: $(FUZZ_TARGETS)
	@for target in $(FUZZ_TARGETS); do \
	    $$target -runs=0 $(srcdir)/tests/fuzz/seeds/$${target##*/fuzz_} || exit 1; \
	done

fuzz: $(FUZZ_TARGETS)
	@$(srcdir)/tests/fuzz/run.sh $(SECONDS) $(srcdir)/tests/fuzz/seeds $(FUZZ_TARGETS)

clean-local:
	rm -rf tests/fuzz/corpus tests/fuzz/found
else
check_PROGRAMS += $(FUZZ_TARGETS)
FUZZ_COMMON = tests/fuzz/fuzz.c tests/fuzz/fuzz.h tests/fuzz/replay.c
FUZZ_LINK = $(AM_LDFLAGS)
endif
.PHONY: fuzz

FUZZ_HOUSE_LIBS = $(HOUSE_LIBS) $(BASE_LIBS)
FUZZ_PORTAL_LIBS = $(PORTAL_LIBS)
FUZZ_REGISTRAR_LIBS = $(REGISTRAR_LIBS) $(LDAP_LIBS) $(BASE_LIBS)
FUZZ_COURIER_LIBS = $(COURIER_LIBS) $(JANSSON_LIBS) $(BASE_LIBS)

tests_fuzz_fuzz_birthdate_SOURCES = tests/fuzz/fuzz_birthdate.c $(FUZZ_COMMON)
tests_fuzz_fuzz_birthdate_LDFLAGS = $(FUZZ_LINK)
tests_fuzz_fuzz_birthdate_LDADD = $(FUZZ_HOUSE_LIBS)
tests_fuzz_fuzz_catalog_SOURCES = tests/fuzz/fuzz_catalog.c $(FUZZ_COMMON)
tests_fuzz_fuzz_catalog_LDFLAGS = $(FUZZ_LINK)
tests_fuzz_fuzz_catalog_LDADD = $(FUZZ_HOUSE_LIBS)
tests_fuzz_fuzz_conf_SOURCES = tests/fuzz/fuzz_conf.c $(FUZZ_COMMON)
tests_fuzz_fuzz_conf_LDFLAGS = $(FUZZ_LINK)
tests_fuzz_fuzz_conf_LDADD = $(FUZZ_HOUSE_LIBS)
tests_fuzz_fuzz_msg_SOURCES = tests/fuzz/fuzz_msg.c $(FUZZ_COMMON)
tests_fuzz_fuzz_msg_LDFLAGS = $(FUZZ_LINK)
tests_fuzz_fuzz_msg_LDADD = $(FUZZ_HOUSE_LIBS)
tests_fuzz_fuzz_phone_SOURCES = tests/fuzz/fuzz_phone.c $(FUZZ_COMMON)
tests_fuzz_fuzz_phone_LDFLAGS = $(FUZZ_LINK)
tests_fuzz_fuzz_phone_LDADD = $(FUZZ_HOUSE_LIBS)
tests_fuzz_fuzz_text_SOURCES = tests/fuzz/fuzz_text.c $(FUZZ_COMMON)
tests_fuzz_fuzz_text_LDFLAGS = $(FUZZ_LINK)
tests_fuzz_fuzz_text_LDADD = $(FUZZ_HOUSE_LIBS) $(JANSSON_LIBS)
tests_fuzz_fuzz_api_SOURCES = tests/fuzz/fuzz_api.c $(FUZZ_COMMON)
tests_fuzz_fuzz_api_LDFLAGS = $(FUZZ_LINK)
tests_fuzz_fuzz_api_LDADD = $(FUZZ_PORTAL_LIBS)
tests_fuzz_fuzz_form_SOURCES = tests/fuzz/fuzz_form.c $(FUZZ_COMMON)
tests_fuzz_fuzz_form_LDFLAGS = $(FUZZ_LINK)
tests_fuzz_fuzz_form_LDADD = $(FUZZ_PORTAL_LIBS)
tests_fuzz_fuzz_head_SOURCES = tests/fuzz/fuzz_head.c $(FUZZ_COMMON)
tests_fuzz_fuzz_head_LDFLAGS = $(FUZZ_LINK)
tests_fuzz_fuzz_head_LDADD = $(FUZZ_PORTAL_LIBS)
tests_fuzz_fuzz_page_SOURCES = tests/fuzz/fuzz_page.c $(FUZZ_COMMON)
tests_fuzz_fuzz_page_LDFLAGS = $(FUZZ_LINK)
tests_fuzz_fuzz_page_LDADD = $(FUZZ_PORTAL_LIBS)
tests_fuzz_fuzz_account_SOURCES = tests/fuzz/fuzz_account.c $(FUZZ_COMMON)
tests_fuzz_fuzz_account_LDFLAGS = $(FUZZ_LINK)
tests_fuzz_fuzz_account_LDADD = $(FUZZ_REGISTRAR_LIBS)
tests_fuzz_fuzz_filter_SOURCES = tests/fuzz/fuzz_filter.c $(FUZZ_COMMON)
tests_fuzz_fuzz_filter_LDFLAGS = $(FUZZ_LINK)
tests_fuzz_fuzz_filter_LDADD = $(FUZZ_REGISTRAR_LIBS)
tests_fuzz_fuzz_metadata_SOURCES = tests/fuzz/fuzz_metadata.c $(FUZZ_COMMON)
tests_fuzz_fuzz_metadata_LDFLAGS = $(FUZZ_LINK)
tests_fuzz_fuzz_metadata_LDADD = $(FUZZ_REGISTRAR_LIBS)
tests_fuzz_fuzz_acl_SOURCES = tests/fuzz/fuzz_acl.c $(FUZZ_COMMON)
tests_fuzz_fuzz_acl_LDFLAGS = $(FUZZ_LINK)
tests_fuzz_fuzz_acl_LDADD = $(FUZZ_REGISTRAR_LIBS)
tests_fuzz_fuzz_srv_SOURCES = tests/fuzz/fuzz_srv.c $(FUZZ_COMMON)
tests_fuzz_fuzz_srv_LDFLAGS = $(FUZZ_LINK)
tests_fuzz_fuzz_srv_LDADD = $(FUZZ_REGISTRAR_LIBS)
tests_fuzz_fuzz_sid_SOURCES = tests/fuzz/fuzz_sid.c $(FUZZ_COMMON)
tests_fuzz_fuzz_sid_LDFLAGS = $(FUZZ_LINK)
tests_fuzz_fuzz_sid_LDADD = $(FUZZ_REGISTRAR_LIBS)
tests_fuzz_fuzz_value_SOURCES = tests/fuzz/fuzz_value.c $(FUZZ_COMMON)
tests_fuzz_fuzz_value_LDFLAGS = $(FUZZ_LINK)
tests_fuzz_fuzz_value_LDADD = $(FUZZ_REGISTRAR_LIBS)
tests_fuzz_fuzz_ticket_SOURCES = tests/fuzz/fuzz_ticket.c $(FUZZ_COMMON)
tests_fuzz_fuzz_ticket_LDFLAGS = $(FUZZ_LINK)
tests_fuzz_fuzz_ticket_LDADD = $(FUZZ_REGISTRAR_LIBS)
tests_fuzz_fuzz_answer_SOURCES = tests/fuzz/fuzz_answer.c $(FUZZ_COMMON)
tests_fuzz_fuzz_answer_LDFLAGS = $(FUZZ_LINK)
tests_fuzz_fuzz_answer_LDADD = $(FUZZ_COURIER_LIBS)
tests_fuzz_fuzz_template_SOURCES = tests/fuzz/fuzz_template.c $(FUZZ_COMMON)
tests_fuzz_fuzz_template_LDFLAGS = $(FUZZ_LINK)
tests_fuzz_fuzz_template_LDADD = $(FUZZ_COURIER_LIBS)
tests_fuzz_fuzz_flow_SOURCES = tests/fuzz/fuzz_flow.c $(FUZZ_COMMON)
tests_fuzz_fuzz_flow_LDFLAGS = $(FUZZ_LINK)
tests_fuzz_fuzz_flow_LDADD = src/keeper/libkeeper.a $(HOUSE_LIBS) \
	$(EVENT_LIBS) $(SQLITE_LIBS) $(BASE_LIBS)

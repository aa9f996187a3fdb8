# A target is fuzz_NAME.c and a line here, its seeds are seeds/NAME, and words that it
# might not guess are in seeds/NAME.dict.  Replay it by hand with
# "tests/fuzz/fuzz_NAME FILE".  With --enable-fuzzers "make fuzz" looks for more, each
# target for SECONDS or, if that is set, RUNS times; "make -j2 fuzz" takes two at once.
FUZZ_TARGETS = $(FUZZ_HOUSE_TARGETS) $(FUZZ_PORTAL_TARGETS) $(FUZZ_KEEPER_TARGETS) \
	$(FUZZ_REGISTRAR_TARGETS) $(FUZZ_COURIER_TARGETS) $(FUZZ_CTL_TARGETS)
EXTRA_DIST += tests/fuzz/seeds tests/fuzz/run.sh

FUZZ_HOUSE = tests/fuzz/libfuzz.a $(FUZZ_MAIN) $(HOUSE_LIBS) $(EVENT_LIBS) $(JANSSON_LIBS) \
	$(BASE_LIBS)
FUZZ_PORTAL = tests/fuzz/libfuzz.a $(FUZZ_MAIN) $(PORTAL_LIBS)
FUZZ_KEEPER = tests/fuzz/libfuzz.a $(FUZZ_MAIN) src/keeper/libkeeper.a $(HOUSE_LIBS) \
	$(EVENT_LIBS) $(SQLITE_LIBS) $(BASE_LIBS)
FUZZ_REGISTRAR = tests/fuzz/libfuzz.a $(FUZZ_MAIN) $(REGISTRAR_LIBS) $(LDAP_LIBS) $(BASE_LIBS)
FUZZ_CTL = tests/fuzz/libfuzz.a $(FUZZ_MAIN) src/ctl/libctl.a $(HOUSE_LIBS) $(JANSSON_LIBS) \
	$(BASE_LIBS)
FUZZ_COURIER = tests/fuzz/libfuzz.a $(FUZZ_MAIN) $(COURIER_LIBS) $(CURL_LIBS) $(EVENT_LIBS) \
	$(JANSSON_LIBS) $(BASE_LIBS)

FUZZ_HOUSE_TARGETS = tests/fuzz/fuzz_birthdate tests/fuzz/fuzz_catalog tests/fuzz/fuzz_conf \
	tests/fuzz/fuzz_link tests/fuzz/fuzz_msg tests/fuzz/fuzz_phone tests/fuzz/fuzz_seal \
	tests/fuzz/fuzz_text
tests_fuzz_fuzz_birthdate_LDADD = $(FUZZ_HOUSE)
tests_fuzz_fuzz_catalog_LDADD = $(FUZZ_HOUSE)
tests_fuzz_fuzz_conf_LDADD = $(FUZZ_HOUSE)
tests_fuzz_fuzz_link_LDADD = $(FUZZ_HOUSE)
tests_fuzz_fuzz_msg_LDADD = $(FUZZ_HOUSE)
tests_fuzz_fuzz_phone_LDADD = $(FUZZ_HOUSE)
tests_fuzz_fuzz_seal_LDADD = $(FUZZ_HOUSE)
tests_fuzz_fuzz_text_LDADD = $(FUZZ_HOUSE)

FUZZ_PORTAL_TARGETS = tests/fuzz/fuzz_api tests/fuzz/fuzz_cookie tests/fuzz/fuzz_form \
	tests/fuzz/fuzz_head tests/fuzz/fuzz_http tests/fuzz/fuzz_lang tests/fuzz/fuzz_page \
	tests/fuzz/fuzz_proxy tests/fuzz/fuzz_range tests/fuzz/fuzz_step
tests_fuzz_fuzz_api_LDADD = $(FUZZ_PORTAL)
tests_fuzz_fuzz_cookie_LDADD = $(FUZZ_PORTAL)
tests_fuzz_fuzz_form_LDADD = $(FUZZ_PORTAL)
tests_fuzz_fuzz_head_LDADD = $(FUZZ_PORTAL)
tests_fuzz_fuzz_http_LDADD = $(FUZZ_PORTAL)
tests_fuzz_fuzz_lang_LDADD = $(FUZZ_PORTAL)
tests_fuzz_fuzz_page_LDADD = $(FUZZ_PORTAL)
tests_fuzz_fuzz_proxy_LDADD = $(FUZZ_PORTAL)
tests_fuzz_fuzz_range_LDADD = $(FUZZ_PORTAL)
tests_fuzz_fuzz_step_LDADD = $(FUZZ_PORTAL)

FUZZ_KEEPER_TARGETS = tests/fuzz/fuzz_flow tests/fuzz/fuzz_name tests/fuzz/fuzz_price
tests_fuzz_fuzz_flow_LDADD = $(FUZZ_KEEPER)
tests_fuzz_fuzz_name_LDADD = $(FUZZ_KEEPER)
tests_fuzz_fuzz_price_LDADD = $(FUZZ_KEEPER)

FUZZ_REGISTRAR_TARGETS = tests/fuzz/fuzz_account tests/fuzz/fuzz_acl tests/fuzz/fuzz_ad \
	tests/fuzz/fuzz_dn tests/fuzz/fuzz_filter tests/fuzz/fuzz_hash_list \
	tests/fuzz/fuzz_metadata tests/fuzz/fuzz_openldap tests/fuzz/fuzz_proof \
	tests/fuzz/fuzz_rules tests/fuzz/fuzz_sid tests/fuzz/fuzz_srv tests/fuzz/fuzz_ticket \
	tests/fuzz/fuzz_value tests/fuzz/fuzz_when
tests_fuzz_fuzz_account_LDADD = $(FUZZ_REGISTRAR)
tests_fuzz_fuzz_acl_LDADD = $(FUZZ_REGISTRAR)
tests_fuzz_fuzz_ad_LDADD = $(FUZZ_REGISTRAR)
tests_fuzz_fuzz_dn_LDADD = $(FUZZ_REGISTRAR)
tests_fuzz_fuzz_filter_LDADD = $(FUZZ_REGISTRAR)
tests_fuzz_fuzz_hash_list_LDADD = $(FUZZ_REGISTRAR)
tests_fuzz_fuzz_metadata_LDADD = $(FUZZ_REGISTRAR)
tests_fuzz_fuzz_openldap_LDADD = $(FUZZ_REGISTRAR)
tests_fuzz_fuzz_proof_LDADD = $(FUZZ_REGISTRAR)
tests_fuzz_fuzz_rules_LDADD = $(FUZZ_REGISTRAR)
tests_fuzz_fuzz_sid_LDADD = $(FUZZ_REGISTRAR)
tests_fuzz_fuzz_srv_LDADD = $(FUZZ_REGISTRAR)
tests_fuzz_fuzz_ticket_LDADD = $(FUZZ_REGISTRAR)
tests_fuzz_fuzz_value_LDADD = $(FUZZ_REGISTRAR)
tests_fuzz_fuzz_when_LDADD = $(FUZZ_REGISTRAR)

FUZZ_COURIER_TARGETS = tests/fuzz/fuzz_answer tests/fuzz/fuzz_gateway tests/fuzz/fuzz_letter \
	tests/fuzz/fuzz_mail tests/fuzz/fuzz_template
tests_fuzz_fuzz_answer_LDADD = $(FUZZ_COURIER)
tests_fuzz_fuzz_gateway_LDADD = $(FUZZ_COURIER)
tests_fuzz_fuzz_letter_LDADD = $(FUZZ_COURIER)
tests_fuzz_fuzz_mail_LDADD = $(FUZZ_COURIER)
tests_fuzz_fuzz_template_LDADD = $(FUZZ_COURIER)

FUZZ_CTL_TARGETS = tests/fuzz/fuzz_findings
tests_fuzz_fuzz_findings_LDADD = $(FUZZ_CTL)

tests_fuzz_libfuzz_a_SOURCES = tests/fuzz/fuzz.c tests/fuzz/fuzz.h \
	tests/fuzz/directory.c tests/fuzz/directory.h

if FUZZERS
# Without seeds to read, such a program would never end: no test harness for it.
noinst_PROGRAMS += $(FUZZ_TARGETS)
noinst_LIBRARIES += tests/fuzz/libfuzz.a
SECONDS = 60
RUNS =

check-local: $(FUZZ_TARGETS)
	@for target in $(FUZZ_TARGETS); do \
	    $$target -runs=0 $(srcdir)/tests/fuzz/seeds/$${target##*/fuzz_} || exit 1; \
	done

FUZZ_RUNS = $(FUZZ_TARGETS:=.run)
# Those that take longest begin, or the last of them would run alone.
fuzz: tests/fuzz/fuzz_ad.run tests/fuzz/fuzz_openldap.run tests/fuzz/fuzz_http.run \
	tests/fuzz/fuzz_ticket.run tests/fuzz/fuzz_page.run $(FUZZ_RUNS)
$(FUZZ_RUNS): $(FUZZ_TARGETS)
	@$(srcdir)/tests/fuzz/run.sh "$(RUNS)" "$(SECONDS)" $(srcdir)/tests/fuzz/seeds $(@:.run=)

clean-local:
	rm -rf tests/fuzz/corpus tests/fuzz/found
else
check_PROGRAMS += $(FUZZ_TARGETS)
check_LIBRARIES = tests/fuzz/libfuzz.a
tests_fuzz_libfuzz_a_SOURCES += tests/fuzz/replay.c
endif
.PHONY: fuzz $(FUZZ_RUNS)

# Each of them runs without a directory; tests/system has one.
REGISTRAR_TEST_LIBS = $(REGISTRAR_LIBS) $(CMOCKA_LIBS) $(LDAP_LIBS) $(BASE_LIBS)
check_PROGRAMS += tests/unit/test_account tests/unit/test_acl tests/unit/test_filter \
	tests/unit/test_guard tests/unit/test_password tests/unit/test_proof \
	tests/unit/test_ticket tests/unit/test_dialect tests/unit/test_certificate \
	tests/unit/test_metadata tests/unit/test_sid tests/unit/test_when tests/unit/test_servers \
	tests/unit/test_srv tests/unit/test_remedy
tests_unit_test_account_LDADD = $(REGISTRAR_TEST_LIBS)
tests_unit_test_acl_LDADD = $(REGISTRAR_TEST_LIBS)
tests_unit_test_filter_LDADD = $(REGISTRAR_TEST_LIBS)
tests_unit_test_guard_LDADD = $(REGISTRAR_TEST_LIBS)
tests_unit_test_password_LDADD = $(REGISTRAR_TEST_LIBS)
tests_unit_test_proof_LDADD = $(REGISTRAR_TEST_LIBS)
tests_unit_test_ticket_LDADD = $(REGISTRAR_TEST_LIBS)
tests_unit_test_dialect_LDADD = $(REGISTRAR_TEST_LIBS)
tests_unit_test_certificate_LDADD = $(REGISTRAR_TEST_LIBS)
tests_unit_test_metadata_LDADD = $(REGISTRAR_TEST_LIBS)
tests_unit_test_sid_LDADD = $(REGISTRAR_TEST_LIBS)
tests_unit_test_when_LDADD = $(REGISTRAR_TEST_LIBS)
tests_unit_test_servers_LDADD = $(REGISTRAR_TEST_LIBS)
tests_unit_test_srv_LDADD = $(REGISTRAR_TEST_LIBS)
tests_unit_test_remedy_LDADD = $(REGISTRAR_TEST_LIBS)

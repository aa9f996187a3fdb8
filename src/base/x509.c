#include "base/x509.h"

#include <stdio.h>
#include <string.h>

#include <openssl/x509v3.h>

bool
x509_is_for(X509 *cert, const char *host)
{
	return X509_check_ip_asc(cert, host, 0) == 1 || X509_check_host(cert, host, 0, 0, NULL) == 1;
}

void
x509_names(X509 *cert, char *out, size_t size)
{
	GENERAL_NAMES *names = X509_get_ext_d2i(cert, NID_subject_alt_name, NULL, NULL);

	out[0] = '\0';
	for (int i = 0; i < sk_GENERAL_NAME_num(names); i++) {
		const GENERAL_NAME *n = sk_GENERAL_NAME_value(names, i);
		size_t used = strlen(out);

		if (n->type == GEN_DNS)
			snprintf(out + used, size - used, "%s%s", used > 0 ? " " : "",
			    (const char *)ASN1_STRING_get0_data(n->d.dNSName));
	}
	if (out[0] == '\0')
		X509_NAME_oneline(X509_get_subject_name(cert), out, (int)size);
	GENERAL_NAMES_free(names);
}

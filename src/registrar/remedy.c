#include "registrar/remedy.h"

#include <stdio.h>
#include <string.h>

/* Class user: a right of this kind is inherited by people alone. */
#define USER "bf967aba-0de6-11d0-a285-00aa003049e2"

/* How each tool spells a right.  What is NULL is taken from the attribute. */
static const struct spelling {
	const char	*sddl, *guid;			/* samba-tool */
	const char	*letters, *object;		/* dsacls */
	const char	*access;			/* PowerShell */
} spellings[REMEDY__COUNT] = {
	[REMEDY_RESET] = { "CR", "00299570-246d-11d0-a768-00aa006e0529", "CA", "Reset Password",
	    "ExtendedRight" },
	[REMEDY_UNLOCK] = { "RPWP", "28630ebf-41d5-11d1-a9c1-0000f80367c1", "RPWP", "lockoutTime",
	    "ReadProperty,WriteProperty" },
	[REMEDY_MUST_CHANGE] = { "RPWP", "bf967a0a-0de6-11d0-a285-00aa003049e2", "RPWP",
	    "pwdLastSet", "ReadProperty,WriteProperty" },
	[REMEDY_STATE] = { "RP", "4c164200-20c0-11d0-a768-00aa006e0529", "RP",
	    "Account Restrictions", "ReadProperty" },
	[REMEDY_READ] = { "RP", NULL, "RP", NULL, "ReadProperty" },
	[REMEDY_READ_SECRET] = { "RPCR", NULL, "RPCA", NULL, "ReadProperty,ExtendedRight" },
	[REMEDY_POLICIES] = { "RPLCLORC", NULL, "GR", NULL, "GenericRead" },
	[REMEDY_DOMAIN] = { "RP", "c7407360-20bf-11d0-a768-00aa006e0529", "RP",
	    "Domain Password & Lockout Policies", "ReadProperty" },
};

/* ---- Quoting ------------------------------------------------------------------ */

/*
 * What PowerShell takes for a single quote: besides the one of ASCII those that word
 * processors put into names, which are three octets each.
 */
static size_t
power_quote(const char *p)
{
	static const char *const typographic[] = {
		"\u2018", "\u2019", "\u201a", "\u201b"
	};

	for (size_t i = 0; i < sizeof typographic / sizeof typographic[0]; i++)
		if (strncmp(p, typographic[i], 3) == 0)
			return 3;
	return *p == '\'';
}

/* Each is written twice. */
static void
quote_power(char *out, size_t size, const char *text)
{
	size_t o = 0, n;

	for (; *text != '\0' && o + 7 < size; text += n) {
		size_t q = power_quote(text);

		n = q > 0 ? q : 1;
		memcpy(out + o, text, n);
		memcpy(out + o + n, text, q);
		o += n + q;
	}
	out[o] = '\0';
}

/* For the shell: a quote ends the text, stands by itself, and begins it again. */
static void
quote_shell(char *out, size_t size, const char *text)
{
	size_t o = 0;

	for (; *text != '\0' && o + 5 < size; text++)
		o += (size_t)(*text == '\'' ? snprintf(out + o, size - o, "'\\''") :
		    snprintf(out + o, size - o, "%c", *text));
	out[o] = '\0';
}

struct place {
	char	shell[600], power[600];
	const char *plain;
};

static void
place(struct place *p, const char *dn)
{
	quote_shell(p->shell, sizeof p->shell, dn);
	quote_power(p->power, sizeof p->power, dn);
	p->plain = dn;
}

/* ---- Giving ---------------------------------------------------------------------- */

static const char *const tools[REMEDIES] = { "samba-tool", "dsacls", "PowerShell" };
enum { SAMBA_TOOL, DSACLS, POWERSHELL };

static void
grant_policies(const struct spelling *s, const struct place *p, const struct remedy_account *a,
    struct finding_remedy out[REMEDIES])
{
	snprintf(out[SAMBA_TOOL].command, sizeof out->command, "samba-tool dsacl set "
	    "--objectdn='%s' --action=allow --sddl='(A;CI;%s;;;%s)'", p->shell, s->sddl, a->sid);
	snprintf(out[DSACLS].command, sizeof out->command, "dsacls \"%s\" /I:T /G \"%s:%s\"", p->plain,
	    a->name, s->letters);
	snprintf(out[POWERSHELL].command, sizeof out->command, "$p = 'AD:\\%s'; $a = Get-Acl $p; "
	    "$a.AddAccessRule((New-Object DirectoryServices.ActiveDirectoryAccessRule("
	    "[Security.Principal.SecurityIdentifier]'%s', '%s', 'Allow', 'All'))); Set-Acl $p $a",
	    p->power, a->sid, s->access);
}

static void
grant_domain(const struct spelling *s, const struct place *p, const struct remedy_account *a,
    struct finding_remedy out[REMEDIES])
{
	snprintf(out[SAMBA_TOOL].command, sizeof out->command, "samba-tool dsacl set "
	    "--objectdn='%s' --action=allow --sddl='(OA;;%s;%s;;%s)'", p->shell, s->sddl, s->guid,
	    a->sid);
	snprintf(out[DSACLS].command, sizeof out->command, "dsacls \"%s\" /G \"%s:%s;%s\"", p->plain,
	    a->name, s->letters, s->object);
	snprintf(out[POWERSHELL].command, sizeof out->command, "$p = 'AD:\\%s'; $a = Get-Acl $p; "
	    "$a.AddAccessRule((New-Object DirectoryServices.ActiveDirectoryAccessRule("
	    "[Security.Principal.SecurityIdentifier]'%s', '%s', 'Allow', [guid]'%s'))); Set-Acl $p $a",
	    p->power, a->sid, s->access, s->guid);
}

static void
grant_people(const struct spelling *s, const struct place *p, const struct remedy_account *a,
    const char *object, const char *guid, struct finding_remedy out[REMEDIES])
{
	snprintf(out[SAMBA_TOOL].command, sizeof out->command, "samba-tool dsacl set "
	    "--objectdn='%s' --action=allow --sddl='(OA;CIIO;%s;%s;" USER ";%s)'", p->shell, s->sddl,
	    guid, a->sid);
	snprintf(out[DSACLS].command, sizeof out->command, "dsacls \"%s\" /I:S /G \"%s:%s;%s;user\"",
	    p->plain, a->name, s->letters, object);
	snprintf(out[POWERSHELL].command, sizeof out->command, "$p = 'AD:\\%s'; $a = Get-Acl $p; "
	    "$a.AddAccessRule((New-Object DirectoryServices.ActiveDirectoryAccessRule("
	    "[Security.Principal.SecurityIdentifier]'%s', '%s', 'Allow', [guid]'%s', 'Descendents', "
	    "[guid]'" USER "'))); Set-Acl $p $a", p->power, a->sid, s->access, guid);
}

void
remedy_grant(enum remedy_right right, const char *where, const struct remedy_account *account,
    const struct remedy_attribute *attribute, struct finding_remedy out[REMEDIES])
{
	const struct spelling *s = &spellings[right];
	struct place p;

	place(&p, where);
	for (int i = 0; i < REMEDIES; i++)
		out[i].tool = tools[i];
	if (right == REMEDY_POLICIES)
		grant_policies(s, &p, account, out);
	else if (right == REMEDY_DOMAIN)
		grant_domain(s, &p, account, out);
	else
		grant_people(s, &p, account, s->object != NULL ? s->object : attribute->name,
		    s->guid != NULL ? s->guid : attribute->guid, out);
}

/* ---- Taking ------------------------------------------------------------------------ */

/*
 * That people may write it themselves stands on each of them, put there when they were
 * made; what they would inherit comes too late to forbid it.
 */
void
remedy_own(const char *where, const struct remedy_attribute *attribute,
    struct finding_remedy out[REMEDIES])
{
	struct place p;

	place(&p, where);
	for (int i = 0; i < REMEDIES; i++)
		out[i].tool = tools[i];
	snprintf(out[SAMBA_TOOL].command, sizeof out->command, "samba-tool user list "
	    "--base-dn='%s' --full-dn | while read -r dn; do samba-tool dsacl set --objectdn=\"$dn\" "
	    "--action=deny --sddl='(OD;;WP;%s;;PS)'; done", p.shell, attribute->guid);
	snprintf(out[DSACLS].command, sizeof out->command, "for /f \"delims=\" %%u in ('dsquery user "
	    "\"%s\" -limit 0 -o dn') do dsacls %%u /D \"SELF:WP;%s\"", p.plain, attribute->name);
	snprintf(out[POWERSHELL].command, sizeof out->command, "Get-ADUser -Filter * -SearchBase "
	    "'%s' | ForEach-Object { dsacls $_.DistinguishedName /D 'SELF:WP;%s' }", p.power,
	    attribute->name);
}

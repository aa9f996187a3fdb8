#include "base/sandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/log.h"

/*
 * The kernel's own words, from its user-space API: headers are often older than kernels.
 * Each version of it adds some; a right that a kernel does not know must not be named.
 */
enum { CREATE_RULESET = 444, ADD_RULE = 445, RESTRICT_SELF = 446 };
enum { WHICH_VERSION = 1, RULE_PATH = 1, RULE_PORT = 2 };

#define FS(n)		(UINT64_C(1) << (n))
#define WRITE_FILE	FS(1)
#define READ_FILE	FS(2)
#define READ_DIR	FS(3)
#define REMOVE_FILE	FS(5)
#define MAKE_REG	FS(8)
#define MAKE_SOCK	FS(9)
#define TRUNCATE	FS(14)
#define CONNECT_TCP	(UINT64_C(1) << 1)
#define SCOPE_ABSTRACT	(UINT64_C(1) << 0)
#define SCOPE_SIGNAL	(UINT64_C(1) << 1)

/* What a version knows of: rights over files, over TCP, and what stays within. */
static const struct { uint64_t files, net, scoped; } versions[] = {
	{ 0, 0, 0 },
	{ FS(13) - 1, 0, 0 },
	{ FS(14) - 1, 0, 0 },
	{ FS(15) - 1, 0, 0 },
	{ FS(15) - 1, 3, 0 },
	{ FS(16) - 1, 3, 0 },
	{ FS(16) - 1, 3, SCOPE_ABSTRACT | SCOPE_SIGNAL },
};
enum { NEWEST = sizeof versions / sizeof versions[0] - 1, PORTS_MOST = 64 };

struct ruleset { uint64_t files, net, scoped; };
struct path_rule { uint64_t allowed; int32_t fd; } __attribute__((packed));
struct port_rule { uint64_t allowed, port; };

static int rules = -1;		/* what is allowed, until it is entered */
static int version;
static bool entered;
static int ports[PORTS_MOST];
static size_t n_ports;

static int
ask_version(void)
{
	long v = syscall(CREATE_RULESET, NULL, 0, WHICH_VERSION);

	return v < 0 ? 0 : v > NEWEST ? NEWEST : (int)v;
}

bool
sandbox_is_known(void)
{
	return ask_version() > 0;
}

/* An abstract socket of the supervisor's is outside: then those stay within reach. */
static uint64_t
scoped(bool signals)
{
	const char *notify = getenv("NOTIFY_SOCKET");
	uint64_t s = versions[version].scoped;

	if (notify != NULL && notify[0] == '@')
		s &= ~SCOPE_ABSTRACT;
	return signals ? s & ~SCOPE_SIGNAL : s;
}

/* ---- What stays allowed --------------------------------------------------------- */

static void
allow(const char *path, uint64_t rights)
{
	struct path_rule rule = { .fd = path[0] == '\0' ? -1 : open(path, O_PATH | O_CLOEXEC) };
	struct stat st;

	if (rule.fd == -1)
		return;
	/* Of a file alone no more can be said than that it may be read or written. */
	if (fstat(rule.fd, &st) == 0 && !S_ISDIR(st.st_mode))
		rights &= READ_FILE | WRITE_FILE | TRUNCATE;
	rule.allowed = rights & versions[version].files;
	if (syscall(ADD_RULE, rules, RULE_PATH, &rule, 0) == -1)
		log_warn("the sandbox cannot allow %s", path);
	close(rule.fd);
}

void
sandbox_begin(const char *settings)
{
	/* Of /etc all, because users and names are kept in files that are replaced. */
	static const char *const system[] = {
		"/usr", "/lib", "/lib64", "/etc", "/dev/null", "/dev/urandom",
	};
	const char *credentials = getenv("CREDENTIALS_DIRECTORY");
	struct ruleset all;

	version = ask_version();
	n_ports = 0;
	if (version == 0)
		return;
	/* What stays within is known when it is entered: see there. */
	all = (struct ruleset){ versions[version].files, versions[version].net, 0 };
	if ((rules = (int)syscall(CREATE_RULESET, &all, sizeof all, 0)) == -1) {
		log_warn("no sandbox");
		return;
	}
	for (size_t i = 0; i < sizeof system / sizeof system[0]; i++)
		sandbox_read(system[i]);
	sandbox_read(credentials != NULL ? credentials : "");
	sandbox_read_beside(settings);
}

void
sandbox_read(const char *path)
{
	if (rules != -1)
		allow(path, READ_FILE | READ_DIR);
}

void
sandbox_read_beside(const char *path)
{
	const char *slash = strrchr(path, '/');
	char folder[4096];

	if (path[0] == '\0')
		return;
	snprintf(folder, sizeof folder, "%.*s", slash == NULL ? 1 : (int)(slash - path) + 1,
	    slash == NULL ? "." : path);
	sandbox_read(folder);
}

void
sandbox_names(void)
{
	enum { DNS = 53 };
	/* Where /etc/resolv.conf leads depends on who keeps it. */
	static const char *const folders[] = {
		"/run/systemd/resolve", "/run/NetworkManager", "/run/resolvconf", "/var/lib/sss",
	};

	for (size_t i = 0; i < sizeof folders / sizeof folders[0]; i++)
		sandbox_read(folders[i]);
	sandbox_connect(DNS);
}

void
sandbox_write(const char *path)
{
	if (rules != -1)
		allow(path, READ_FILE | READ_DIR | WRITE_FILE | TRUNCATE | MAKE_REG | REMOVE_FILE);
}

void
sandbox_sockets(const char *path)
{
	if (rules != -1)
		allow(path, MAKE_SOCK | REMOVE_FILE);
}

void
sandbox_connect(int port)
{
	const struct port_rule rule = { .allowed = CONNECT_TCP, .port = (uint64_t)port };

	if (n_ports < PORTS_MOST)
		ports[n_ports++] = port;
	if (rules != -1 && versions[version].net != 0 &&
	    syscall(ADD_RULE, rules, RULE_PORT, &rule, 0) == -1)
		log_warn("the sandbox cannot allow port %d", port);
}

/* ---- Entering ---------------------------------------------------------------------- */

static bool
restrict_self(int fd)
{
	return syscall(RESTRICT_SELF, fd, 0) == 0;
}

/* A layer of its own, which has no rules. */
static bool
stay_within(bool signals)
{
	struct ruleset within = { 0, 0, scoped(signals) };
	bool good;
	int fd;

	if (within.scoped == 0)
		return true;
	if ((fd = (int)syscall(CREATE_RULESET, &within, sizeof within, 0)) == -1)
		return false;
	good = restrict_self(fd);
	close(fd);
	return good;
}

void
sandbox_enter(bool signals)
{
	if (rules == -1) {
		log_debug("no sandbox: this kernel knows no Landlock");
		return;
	}
	entered = restrict_self(rules) && stay_within(signals);
	if (!entered)
		log_warn("no sandbox, or half of one");
	else
		log_debug("in a sandbox of Landlock %d: files%s%s", version,
		    versions[version].net != 0 ? ", TCP" : "",
		    scoped(signals) == 0 ? "" : ", what stays within");
	close(rules);
	rules = -1;
}

bool
sandbox_may_connect(int port)
{
	if (!entered || versions[version].net == 0)
		return true;
	for (size_t i = 0; i < n_ports; i++)
		if (ports[i] == port)
			return true;
	return false;
}

/*
 * log.h - what the admin reads.
 *
 * One line an event on stderr.  Under systemd each line starts with its <level>,
 * so that the journal keeps the level and adds the time; elsewhere the program's
 * name stands in front.  Control characters are written as \xNN: no value can
 * start a line of its own.  Secrets never get here: there is no format for a
 * struct secret.
 */
#ifndef BASE_LOG_H
#define BASE_LOG_H

#include <stdbool.h>

enum log_level { LOG_LEVEL_ERROR = 3, LOG_LEVEL_WARN = 4, LOG_LEVEL_INFO = 6, LOG_LEVEL_DEBUG = 7 };

/** log_start(program, debug): name the lines; ${debug} also lets log_debug through. */
void log_start(const char *, bool);

/** log_quieten(): from here on nothing but warnings and worse. */
void log_quieten(void);

/* The plain form says what went wrong; warn and fatal add strerror(errno), the x forms do not. */
void log_debug(const char *, ...) __attribute__((format(printf, 1, 2)));
void log_info(const char *, ...) __attribute__((format(printf, 1, 2)));
void log_warn(const char *, ...) __attribute__((format(printf, 1, 2)));
void log_warnx(const char *, ...) __attribute__((format(printf, 1, 2)));

/* Our own mistake, or a start that cannot be: say it and end with status 1. */
_Noreturn void fatal(const char *, ...) __attribute__((format(printf, 1, 2)));
_Noreturn void fatalx(const char *, ...) __attribute__((format(printf, 1, 2)));

#endif

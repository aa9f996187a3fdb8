/*
 * log.h - what the admin reads.
 *
 * One line an event.  Where standard error is the journal, it gets fields beside the
 * text; elsewhere lines go to standard error: text with the program's name in front,
 * or a JSON object each.  What a line is about is said once, with log_about, and
 * stands in every line until it is taken back.  Control characters, characters that
 * change the direction of text, and what is no UTF-8 are written as \xNN: no value
 * can start a line, or a field, of its own.  Secrets never get here: there is no
 * format for a struct secret.  Neither do the names of people.
 */
#ifndef BASE_LOG_H
#define BASE_LOG_H

#include <stdbool.h>

#include "base/reference.h"

#define LOG_JOURNAL "/run/systemd/journal/socket"

enum log_level { LOG_LEVEL_ERROR = 3, LOG_LEVEL_WARN = 4, LOG_LEVEL_INFO = 6, LOG_LEVEL_DEBUG = 7 };

/* AUTO: fields if standard error is the journal, else text. */
enum log_form { LOG_AUTO, LOG_TEXT, LOG_JSON };

/**
 * log_start(program, debug, journal):
 * Name the lines; ${debug} also lets log_debug through.  ${journal} is the socket
 * that takes fields, LOG_JOURNAL but for tests.
 */
void log_start(const char *program, bool debug, const char *journal);

/** log_form(form): from here on lines look like that. */
void log_form(enum log_form);

/** log_quieten(): from here on nothing but warnings and worse. */
void log_quieten(void);

/** log_about(reference): whose way the next lines are about; NULL: nobody's. */
void log_about(const struct reference *);

/* The plain form says what went wrong; warn and fatal add strerror(errno), the x forms do not. */
void log_debug(const char *, ...) __attribute__((format(printf, 1, 2)));
void log_info(const char *, ...) __attribute__((format(printf, 1, 2)));
void log_warn(const char *, ...) __attribute__((format(printf, 1, 2)));
void log_warnx(const char *, ...) __attribute__((format(printf, 1, 2)));

/**
 * log_event(event, outcome, fmt, ...):
 * Like log_info, for something that happened to a person: two words of closed lists,
 * to be searched by, and what they mean.
 */
void log_event(const char *event, const char *outcome, const char *, ...)
    __attribute__((format(printf, 3, 4)));

/* Our own mistake, or a start that cannot be: say it and end with status 1. */
_Noreturn void fatal(const char *, ...) __attribute__((format(printf, 1, 2)));
_Noreturn void fatalx(const char *, ...) __attribute__((format(printf, 1, 2)));

#endif

/*
 * fuzz.h - what the fuzz targets share.
 *
 * A target is one file with LLVMFuzzerTestOneInput.  libFuzzer feeds it what it
 * invents; without libFuzzer, replay.c feeds it the files of seeds/NAME.
 */
#ifndef FUZZ_FUZZ_H
#define FUZZ_FUZZ_H

#include <stddef.h>
#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* What must hold for every input; unlike assert() no build leaves it out. */
#define MUST(truth) ((truth) ? (void)0 : fuzz_broken(__FILE__, __LINE__, #truth))
_Noreturn void fuzz_broken(const char *file, int line, const char *what);

/** fuzz_text(data, size): a copy that ends with NUL, to be freed; what follows a NUL is cut off. */
char *fuzz_text(const uint8_t *, size_t);

/** fuzz_halves(text): cut at the first newline; return what follows it, or "". */
char *fuzz_halves(char *text);

/** fuzz_file(data, size, path): put it into the one nameless file that ${path} then names. */
void fuzz_file(const uint8_t *, size_t, char path[32]);

/** fuzz_folder(): a folder of this process alone, removed with its files at the end. */
const char *fuzz_folder(void);

/** fuzz_write(name, data, size): write a file of that folder, mode 0600. */
void fuzz_write(const char *name, const void *, size_t);

/** fuzz_catalog(name): write a catalogue there that has no texts. */
void fuzz_catalog(const char *name);

/** fuzz_quiet(): what is logged from here on is read by nobody. */
void fuzz_quiet(void);

#endif

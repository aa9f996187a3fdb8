#include "base/shared.h"

#include <errno.h>
#include <sys/mman.h>

void *
shared_new(size_t size)
{
	pthread_mutexattr_t survives;
	void *p = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	if (p == MAP_FAILED)
		return NULL;
	if ((errno = pthread_mutexattr_init(&survives)) != 0 ||
	    (errno = pthread_mutexattr_setpshared(&survives, PTHREAD_PROCESS_SHARED)) != 0 ||
	    (errno = pthread_mutexattr_setrobust(&survives, PTHREAD_MUTEX_ROBUST)) != 0 ||
	    (errno = pthread_mutex_init(p, &survives)) != 0)
		return NULL;
	return p;
}

bool
shared_lock(pthread_mutex_t *lock)
{
	bool died = pthread_mutex_lock(lock) == EOWNERDEAD;

	if (died)
		pthread_mutex_consistent(lock);
	return died;
}

/* Stands before glibc's allocator for the whole process: the program, libdeploy, libstdc++, and all that they use. */
#include "failing_malloc.h"

#include <errno.h>
#include <stdatomic.h>
#include <stddef.h>

extern void *__libc_malloc(size_t size);
extern void *__libc_calloc(size_t count, size_t size);
extern void *__libc_realloc(void *block, size_t size);
extern void *__libc_memalign(size_t alignment, size_t size);
extern void __libc_free(void *block);

static atomic_long asked, wanted, alive;

void fail_allocation(long number) {
  atomic_store(&wanted, number);
  atomic_store(&asked, 0);
}

long allocations(void) { return atomic_load(&asked); }
long blocks_in_use(void) { return atomic_load(&alive); }

static int fails(void) {
  if (atomic_fetch_add(&asked, 1) + 1 != atomic_load(&wanted)) return 0;
  errno = ENOMEM;
  return 1;
}

static void *counted(void *block) {
  if (block) atomic_fetch_add(&alive, 1);
  return block;
}

void *malloc(size_t size) { return fails() ? NULL : counted(__libc_malloc(size)); }
void *calloc(size_t count, size_t size) { return fails() ? NULL : counted(__libc_calloc(count, size)); }
void *memalign(size_t alignment, size_t size) { return fails() ? NULL : counted(__libc_memalign(alignment, size)); }
void *aligned_alloc(size_t alignment, size_t size) { return memalign(alignment, size); }

int posix_memalign(void **out, size_t alignment, size_t size) {
  void *block = memalign(alignment, size);
  if (!block) return ENOMEM;
  *out = block;
  return 0;
}

void *realloc(void *block, size_t size) {
  if (!block) return malloc(size);
  return fails() ? NULL : __libc_realloc(block, size); /* a size of 0 frees: nobody here asks for that */
}

void free(void *block) {
  if (block) atomic_fetch_sub(&alive, 1);
  __libc_free(block);
}

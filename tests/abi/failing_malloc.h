/* The program's allocator, with one failure on order. */
#ifndef TESTS_ABI_FAILING_MALLOC_H
#define TESTS_ABI_FAILING_MALLOC_H

/* The `number`th allocation from now, on any thread, gets nothing; 0: none does. Counting begins anew. */
void fail_allocation(long number);
/* So many were asked for since. */
long allocations(void);
/* So many blocks are in use. */
long blocks_in_use(void);

#endif

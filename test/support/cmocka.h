/* SPDX-License-Identifier: BSD-3-Clause */

/**
 * @file
 * CMocka, and for fpcheck what its assertions mean.
 *
 * They are calls that come back as far as anybody can see who does not know CMocka. The condition
 * is what the rest of a test builds on, so fpcheck (FPCHECK is defined in .fpcheck) is shown it.
 */

#include_next <cmocka.h>

#ifdef FPCHECK
#include <stdlib.h>

#undef fail
#undef skip
#undef assert_true
#undef assert_false
#undef assert_null
#undef assert_non_null
#undef assert_int_equal
#undef assert_int_not_equal
#undef assert_ptr_equal

#define fail()                     abort()
#define skip()                     abort()
#define assert_true(condition)     ((condition) ? (void)0 : abort())
#define assert_false(condition)    ((condition) ? abort() : (void)0)
#define assert_null(pointer)       assert_true((pointer) == NULL)
#define assert_non_null(pointer)   assert_true((pointer) != NULL)
#define assert_int_equal(a, b)     assert_true((a) == (b))
#define assert_int_not_equal(a, b) assert_true((a) != (b))
#define assert_ptr_equal(a, b)     assert_true((a) == (b))
#endif

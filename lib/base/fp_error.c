/* SPDX-License-Identifier: BSD-3-Clause */

#include "fp_error.h"

const char *
fp_error_text(int error)
{
	switch (error) {
	case 0:
		return "success";
	case -EINVAL:
		return "argument outside its range";
	case -ENOMEM:
		return "no room left in the arena or memzone space";
	case -ENOENT:
		return "nothing of that name";
	case -EEXIST:
		return "the name is taken";
	case -ENOBUFS:
		return "the pool has no free buffer";
	case -ENODATA:
		return "fewer bytes remain than were asked for";
	case -ERANGE:
		return "index or length out of bounds";
	case -EBADMSG:
		return "malformed message";
	case -ESTALE:
		return "what is referred to is gone";
	case -EOVERFLOW:
		return "a counter would pass its ceiling";
	case -EBUSY:
		return "still in use";
	case -ENOTSUP:
		return "not supported here";
	case -EIO:
		return "refused by the operating system";
	default:
		return "unknown error";
	}
}

/* SPDX-License-Identifier: BSD-3-Clause */

/* Prints the tables of docs/03-messages.md as the schema has them, for the test that compares. */

#include <stdint.h>
#include <stdio.h>

#include "fp_message.h"

#define OFFSET(kind, field, help) (size_t)((const char *)&body->field - (const char *)body)

#define PRINT_FIELD(kind, field, help)                                                           \
	printf("| %zu | %zu | %s | %s | %s |\n",                                                 \
		FP_MESSAGE_HEADER_BYTES + OFFSET(kind, field, help), sizeof(body->field), #kind, \
		#field, help);

#define PRINT_MESSAGE(code, NAME, name, help)                                     \
	{                                                                         \
		const struct fp_message_##name *body = &message.name;             \
                                                                                  \
		printf("### 0x%02x %s\n", code, #name);                           \
		printf("Length %zu.\n", FP_MESSAGE_HEADER_BYTES + sizeof(*body)); \
		FP_FIELDS_##NAME(PRINT_FIELD)                                     \
	}

int
main(void)
{
	static const struct fp_message message;

	FP_MESSAGES(PRINT_MESSAGE)
	return 0;
}

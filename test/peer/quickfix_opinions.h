/* SPDX-License-Identifier: BSD-3-Clause */

/**
 * @file
 * Messages that are judged, and how: by us and by QuickFIX.
 */

#ifndef QUICKFIX_OPINIONS_H
#define QUICKFIX_OPINIONS_H

#include <string>
#include <vector>

/** A message and who takes it. */
struct Opinion {
	const char *what; /**< What is the matter with it. */
	std::string text; /**< The message. */
	bool we_take;     /**< fp_fix_frame() and fp_fix_fields_next() do. */
	bool they_take;   /**< FIX::Message with validation does. */
};

/** Messages that are garbled in one way each, and right in all others. */
std::vector<Opinion> garbled();

/** What is legal, or was seen, and can be judged in two ways; docs/guide/fix.md has the reasons. */
std::vector<Opinion> disputed();

/** What QuickFIX 1.15.1 is not given: it reads behind the end of the message. */
std::vector<Opinion> not_asked();

#endif /* QUICKFIX_OPINIONS_H */

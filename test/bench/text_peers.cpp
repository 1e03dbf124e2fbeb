/* SPDX-License-Identifier: BSD-3-Clause */

#include "text_peers.h"

#include <charconv>

#include <fmt/compile.h>
#include <fmt/format.h>

void
peer_to_chars(struct text_set *set)
{
	for (uint32_t i = 0; i < TEXT_NUMBERS; i++) {
		char *slot = reinterpret_cast<char *>(set->slots + i * TEXT_SLOT);
		char *end = std::to_chars(slot, slot + TEXT_SLOT, set->values[i]).ptr;

		set->lens[i] = static_cast<uint32_t>(end - slot);
	}
}

void
peer_format_int(struct text_set *set)
{
	for (uint32_t i = 0; i < TEXT_NUMBERS; i++) {
		fmt::format_int text(set->values[i]);

		__asm__ volatile("" : : "r"(text.data()) : "memory");
		set->lens[i] = static_cast<uint32_t>(text.size());
	}
}

void
peer_format_to(struct text_set *set)
{
	for (uint32_t i = 0; i < TEXT_NUMBERS; i++) {
		char *slot = reinterpret_cast<char *>(set->slots + i * TEXT_SLOT);
		char *end = fmt::format_to(slot, FMT_COMPILE("{}"), set->values[i]);

		set->lens[i] = static_cast<uint32_t>(end - slot);
	}
}

void
peer_from_chars(struct text_set *set)
{
	for (uint32_t i = 0; i < TEXT_NUMBERS; i++) {
		const char *text = reinterpret_cast<const char *>(set->texts[i]);

		(void)std::from_chars(text, text + set->text_lens[i], set->results[i]);
	}
}

/* SPDX-License-Identifier: BSD-3-Clause */

#include "source.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>
#include <sys/stat.h>

#include "complain.h"
#include "mold.h"

/* Length of each ITCH 5.0 message; 0 = a type we do not know, which may have any length. */
static const uint8_t itch_lens[256] = {
	['S'] = 12,
	['R'] = 39,
	['H'] = 25,
	['Y'] = 20,
	['L'] = 26,
	['V'] = 35,
	['W'] = 12,
	['K'] = 28,
	['J'] = 35,
	['h'] = 21,
	['A'] = 36,
	['F'] = 40,
	['E'] = 31,
	['C'] = 36,
	['X'] = 23,
	['D'] = 19,
	['U'] = 35,
	['P'] = 44,
	['Q'] = 40,
	['B'] = 19,
	['I'] = 50,
	['N'] = 20,
	['O'] = 48,
};

/* Writing over what is being read would destroy it. */
static int
check_not_output(const char *input, const char *output)
{
	struct stat in;
	struct stat out;

	if (stat(input, &in) == 0 && stat(output, &out) == 0 && in.st_dev == out.st_dev &&
		in.st_ino == out.st_ino) {
		complain("-o %s: is the file to be wrapped", output);
		return -EINVAL;
	}
	return 0;
}

static int
open_file(struct source *source, const struct fpgen_options *options)
{
	int rc = check_not_output(options->input, options->output);

	if (rc != 0)
		return rc;
	source->name = options->input;
	source->file = fopen(options->input, "rb");
	if (source->file == NULL) {
		rc = -errno;
		complain("%s: cannot be opened: %m", options->input);
	}
	return rc;
}

int
source_open(struct source *source, const struct fpgen_options *options)
{
	const struct fp_itch_day_params params = {
		.seed = options->seed,
		.messages = options->messages,
		.symbols = (uint32_t)options->symbols,
		.max_live_orders = (uint32_t)options->max_live,
	};
	int rc;

	memset(source, 0, sizeof(*source));
	source->longest = (uint16_t)(options->max_payload - MOLD_HEADER_LEN - 2);
	if (options->mode == FPGEN_WRAP)
		return open_file(source, options);
	rc = fp_itch_day_create(&params, &source->day);
	if (rc != 0) {
		errno = -rc;
		complain("the day cannot be made: %m");
	}
	return rc;
}

/* The file has ended at byte @end: at the end of a message, or inside one. */
static int
file_ended(struct source *source, uint64_t end)
{
	if (ferror(source->file) != 0) {
		complain("%s: cannot be read: %m", source->name);
		return -EIO;
	}
	if (end == source->offset)
		return -ENODATA;
	source->is_cut_off = true;
	complain("warning: %s: cut off at byte %" PRIu64 ", inside message %" PRIu64
		 "; the messages before it are kept",
		source->name, end, source->messages + 1);
	return -ENODATA;
}

static int
length_is_zero(struct source *source)
{
	source->has_end = true;
	if (fgetc(source->file) != EOF) {
		complain("warning: %s: goes on after its end of session (length 0 at byte %" PRIu64
			 "); the rest is left out",
			source->name, source->offset);
	}
	return -ENODATA;
}

static int
check_len(const struct source *source, size_t len, size_t got)
{
	const uint8_t type = source->message[0];

	if (got == 0 || itch_lens[type] == 0 || itch_lens[type] == len)
		return 0;
	complain("%s: message %" PRIu64 " at byte %" PRIu64
		 ": length %zu, but type '%c' has %u bytes",
		source->name, source->messages + 1, source->offset, len, type, itch_lens[type]);
	return -EBADMSG;
}

static int
next_in_file(struct source *source, uint16_t *len)
{
	uint8_t prefix[2];
	size_t got = fread(prefix, 1, sizeof(prefix), source->file);

	if (got != sizeof(prefix))
		return file_ended(source, source->offset + got);
	*len = (uint16_t)(prefix[0] << 8 | prefix[1]);
	if (*len == 0)
		return length_is_zero(source);
	if (*len > source->longest) {
		complain("%s: message %" PRIu64 " at byte %" PRIu64
			 ": length %u, but a datagram has room for "
			 "%u; is it a BinaryFILE?",
			source->name, source->messages + 1, source->offset, *len, source->longest);
		return -EBADMSG;
	}
	got = fread(source->message, 1, *len, source->file);
	if (check_len(source, *len, got) != 0)
		return -EBADMSG;
	if (got != *len)
		return file_ended(source, source->offset + sizeof(prefix) + got);
	source->offset += sizeof(prefix) + *len;
	return 0;
}

int
source_next(struct source *source, uint16_t *len)
{
	int rc = 0;

	if (source->file != NULL) {
		rc = next_in_file(source, len);
	} else {
		*len = fp_itch_day_next(source->day, source->message);
		rc = *len == 0 ? -ENODATA : 0;
	}
	if (rc == 0)
		source->messages++;
	return rc;
}

void
source_close(struct source *source)
{
	fp_itch_day_destroy(source->day);
	if (source->file != NULL)
		fclose(source->file);
	source->day = NULL;
	source->file = NULL;
}

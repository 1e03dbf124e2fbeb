/* SPDX-License-Identifier: BSD-3-Clause */

#include <inttypes.h>
#include <pcap/pcap.h>
#include <stdio.h>
#include <string.h>

#include "fp_file_feed.h"
#include "fp_packet.h"
#include "fp_udp.h"
#include "replay.h"
#include "replay_kind.h"

/* MoldUDP64 has no magic: a session that can be printed, and blocks that fill the rest. */
static bool
looks_like_mold(struct fp_cspan payload)
{
	struct fp_reader reader = fp_reader_open(payload);
	uint64_t sequence;
	uint16_t count;

	for (int i = 0; i < 10; i++) {
		uint8_t character = fp_reader_read_u8(&reader);

		if (character < ' ' || character > '~')
			return false;
	}
	sequence = fp_reader_read_be64(&reader);
	count = fp_reader_read_be16(&reader);
	if (!fp_reader_ok(&reader) || sequence == 0)
		return false;
	if (count == 0 || count == UINT16_MAX)
		return fp_reader_remaining(&reader) == 0;
	while (count-- != 0)
		fp_reader_skip(&reader, fp_reader_read_be16(&reader));
	return fp_reader_ok(&reader) && fp_reader_remaining(&reader) == 0;
}

/* IEX-TP: version 1 and one of its protocols, and a payload length that is right. */
static bool
looks_like_iextp(struct fp_cspan payload)
{
	struct fp_reader reader = fp_reader_open(payload);
	uint16_t protocol;
	uint16_t length;

	if (fp_reader_read_u8(&reader) != 1)
		return false;
	fp_reader_skip(&reader, 1);
	protocol = fp_reader_read_le16(&reader);
	fp_reader_skip(&reader, 8);
	length = fp_reader_read_le16(&reader);
	fp_reader_skip(&reader, 26);
	return fp_reader_ok(&reader) && (protocol == 0x8003 || protocol == 0x8004) &&
		fp_reader_remaining(&reader) == length;
}

static bool
looks_like_native(struct fp_cspan payload)
{
	struct fp_reader reader = fp_reader_open(payload);
	struct fp_packet_header header;

	return fp_packet_decode(&reader, &header) == 0;
}

static const char *
recognise(struct fp_cspan payload)
{
	if (looks_like_native(payload))
		return "native";
	if (looks_like_iextp(payload))
		return "iex";
	if (looks_like_mold(payload))
		return "itch50";
	return NULL;
}

/*
 * The channel of a native packet is in its header: one engine publishes several to one group. The
 * engine tells channels apart by group and port, so each group and port is one channel here.
 */
static void
note_stream(struct config *config, const struct fp_udp *udp)
{
	struct config_channel *channel;
	const char *venue;
	char name[FP_CHANNEL_NAME_BYTES];

	for (uint16_t i = 0; i < config->channel_count; i++) {
		if (config->channels[i].lines[0].group == udp->destination &&
			config->channels[i].lines[0].port == udp->port)
			return;
	}
	venue = recognise(udp->payload);
	if (venue == NULL)
		return;
	snprintf(name, sizeof(name), "%u.%u.%u.%u:%u", udp->destination >> 24,
		udp->destination >> 16 & 0xff, udp->destination >> 8 & 0xff,
		udp->destination & 0xff, udp->port);
	channel = config_add_channel(config, name);
	if (channel == NULL)
		return;
	snprintf(channel->venue, sizeof(channel->venue), "%s", venue);
	channel->lines[0].group = udp->destination;
	channel->lines[0].port = udp->port;
	printf("replay: %s looks like %s\n", name, venue);
}

/* Say why libpcap cannot read the file. */
static bool
complain_open(const char *path, const char *reason)
{
	fprintf(stderr, "fablepool: %s cannot be replayed: %s\n", path, reason);
	return false;
}

/* A host that captures what it sends sees checksums that its NIC had still to fill in. */
struct checksums {
	uint64_t right;
	uint64_t wrong;
};

static void
survey_checksum(struct fp_cspan frame, struct checksums *checksums)
{
	struct fp_udp udp;
	enum fp_drop verdict = fp_udp_parse(frame, true, &udp);

	checksums->right += verdict == FP_DROP_COUNT;
	checksums->wrong += verdict == FP_DROP_UDP_CHECKSUM;
}

/* Add a channel for each stream that is recognised; damaged frames make none. */
static bool
find_streams(const char *path, bool has_checksums, struct config *config)
{
	char reason[PCAP_ERRBUF_SIZE];
	pcap_t *capture = pcap_open_offline(path, reason);
	struct pcap_pkthdr *header;
	const u_char *bytes;
	struct fp_udp udp;

	if (capture == NULL)
		return complain_open(path, reason);
	while (pcap_next_ex(capture, &header, &bytes) == 1) {
		/* fpcheck: allow R-04-06 because libpcap lends the bytes until the next call */
		if (fp_udp_parse(fp_cspan_over(bytes, header->caplen), has_checksums, &udp) ==
			FP_DROP_COUNT)
			note_stream(config, &udp);
	}
	pcap_close(capture);
	return true;
}

static bool
survey_capture(const char *path, struct config *config, struct replay *replay)
{
	bool is_to_find = config != NULL && config->channel_count == 0;
	struct checksums checksums = { 0 };
	char reason[PCAP_ERRBUF_SIZE];
	struct pcap_pkthdr *header;
	const u_char *bytes;
	pcap_t *capture;
	int status;

	capture = pcap_open_offline(path, reason);
	if (capture == NULL)
		return complain_open(path, reason);
	if (pcap_datalink(capture) != DLT_EN10MB) {
		fprintf(stderr,
			"fablepool: %s cannot be replayed: its link type is %s, expected "
			"Ethernet\n",
			path, pcap_datalink_val_to_description_or_dlt(pcap_datalink(capture)));
		pcap_close(capture);
		return false;
	}
	while ((status = pcap_next_ex(capture, &header, &bytes)) == 1) {
		replay->packets++;
		/* fpcheck: allow R-04-06 because libpcap lends the bytes until the next call */
		survey_checksum(fp_cspan_over(bytes, header->caplen), &checksums);
	}
	if (status == PCAP_ERROR) {
		replay->is_cut = true;
		printf("replay: %s is cut off: %s; %" PRIu64 " whole packets before\n", path,
			pcap_geterr(capture), replay->packets);
	}
	pcap_close(capture);
	replay->has_checksums = checksums.right > checksums.wrong;
	if (checksums.wrong > checksums.right) {
		printf("replay: most UDP checksums in %s are wrong, as when the sending host "
		       "captured: they are not verified\n",
			path);
	}
	return !is_to_find || find_streams(path, replay->has_checksums, config);
}

/* A log is one stream: it needs the channel that its pieces are sent to. */
static bool
survey_fix(const char *path, bool has_text, struct config *config)
{
	bool is_taken = config->channel_count == 0;

	if (is_taken)
		config_add_fix(config, has_text ? "log" : "stream");
	for (uint16_t i = 0; i < config->channel_count; i++) {
		for (int line = 0; line < FP_CHANNEL_LINES; line++) {
			const struct config_line *at = &config->channels[i].lines[line];

			is_taken |= at->port == FP_FILE_FEED_UDP_PORT &&
				(at->group == FP_FILE_FEED_GROUP ||
					at->group == FP_DEMUX_ANY_GROUP);
		}
	}
	if (!is_taken) {
		fprintf(stderr,
			"fablepool: %s: no [channel] of %s takes a FIX log: give one venue = fix, "
			"transport = %s, group = 233.252.0.1, udp_port = %u\n",
			path, config->file, has_text ? "log" : "stream", FP_FILE_FEED_UDP_PORT);
	}
	return is_taken;
}

bool
replay_survey(const char *path, struct config *config, struct replay *replay)
{
	enum replay_kind kind;
	uint64_t bytes = 0;

	memset(replay, 0, sizeof(*replay));
	kind = replay_kind_of(path, &bytes);
	switch (kind) {
	case REPLAY_CAPTURE:
		return survey_capture(path, config, replay);
	case REPLAY_FIX:
	case REPLAY_FIX_TEXT:
		replay->is_fix = true;
		replay->bytes = bytes;
		printf("replay: %s is a FIX log of %" PRIu64 " bytes%s\n", path, bytes,
			kind == REPLAY_FIX_TEXT ? ", with text between messages" : "");
		return config == NULL || survey_fix(path, kind == REPLAY_FIX_TEXT, config);
	case REPLAY_NONE:
		break;
	}
	return false;
}

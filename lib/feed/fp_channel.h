/* SPDX-License-Identifier: BSD-3-Clause */

/**
 * @file
 * A channel: one stream of one venue, on one or two lines, owned by one lcore; and the interface of
 * the venue drivers that decode it.
 *
 * A venue driver registers itself before main() by name. Its receive function gets datagrams of one
 * channel and for each: reads the transport header with a cursor, lets fp_channel_accept() place
 * it, appends the native messages to the batch, or gives the datagram back with
 * fp_channel_reject(). It is called once per run of datagrams of the channel in a burst, not once
 * per packet.
 */

#ifndef FP_CHANNEL_H
#define FP_CHANNEL_H

#include "fp_batch.h"
#include "fp_continuity.h"
#include "fp_counter.h"
#include "fp_fault.h"

#ifdef __cplusplus
extern "C" {
#endif

/** Room for the name of a channel, its terminator included [bytes]. */
#define FP_CHANNEL_NAME_BYTES 32

/** Room for the name of a message type, its terminator included [bytes]. */
#define FP_VENUE_TYPE_BYTES 24

/** Lines of one channel: A and B. */
#define FP_CHANNEL_LINES 2

/** One datagram of a channel: the UDP payload. */
struct fp_datagram {
	/* fpcheck: allow FP0403 because the array of them is made anew in each frame */
	struct fp_cspan payload; /**< Dies with the frame. */
	uint8_t line;            /**< Line it came on [0..FP_CHANNEL_LINES - 1]. */
};

/** What one line of a channel carried. Single writer: the owning lcore. */
struct fp_line_counters {
	uint64_t datagrams;  /**< Datagrams. */
	uint64_t duplicates; /**< Datagrams that had nothing new. */
	uint64_t gaps;       /**< Gaps that its datagrams revealed. */
};

/** What a channel counts. Single writer: the owning lcore. */
struct fp_channel_counters {
	uint64_t datagrams;  /**< Received, good and bad. */
	uint64_t heartbeats; /**< Datagrams without messages that say the stream is alive. */
	uint64_t messages;   /**< Delivered, unknown types included. */
	uint64_t gaps;       /**< Times that messages were found missing. */
	uint64_t lost; /**< Messages missing for good, those of rejected datagrams included. */
	uint64_t duplicates;       /**< Messages skipped because they were delivered before. */
	uint64_t session_restarts; /**< Sessions that began after the first. */
	uint64_t waited;           /**< Datagrams that waited for the other line. */
	uint64_t offset_breaks;    /**< Datagrams in sequence whose byte offset was not. */
	uint64_t unconfirmed;      /**< Datagrams whose place was not believed. */
	uint64_t unknown_types;    /**< Messages skipped because their type is not known. */
	uint64_t malformed[FP_MALFORMED_COUNT]; /**< Datagrams rejected, by reason. */
	uint64_t by_type[256]; /**< Messages delivered, by the venue's type code. */
	struct fp_line_counters lines[FP_CHANNEL_LINES]; /**< By line. */
};

/**
 * The last fault of a channel whose venue says where faults are; written by the owning lcore.
 *
 * Offsets are in the stream since it began, or in the datagram, as the transport has it.
 */
struct fp_channel_fault {
	uint64_t reason; /**< enum fp_malformed; FP_MALFORMED_COUNT = none. */
	uint64_t offset; /**< Bytes before the place where it was seen [bytes]. */
};

struct fp_channel;

/** Decimals of prices: those that the venue has by itself. */
#define FP_VENUE_PRICE_DECIMALS 0xff

/** What a venue is told when a channel is made. */
struct fp_venue_params {
	const char *transport;    /**< One of the venue's; NULL = its first. */
	uint32_t max_instruments; /**< Instruments that the channel may have. */
	/**
	 * Decimals of the native prices that a venue of decimal text makes [0..9], or
	 * FP_VENUE_PRICE_DECIMALS. Venues whose wire fixes the decimals do not look at it.
	 */
	uint8_t price_decimals;
	uint8_t price_excess; /**< enum fp_price_excess: digits beyond these decimals. */
};

/** A venue driver. All functions work on the channel's own state only. */
struct fp_venue {
	const char *name;       /**< As the configuration names it. */
	const char *transports; /**< Names that it accepts, in one text; the first is default. */
	uint8_t price_decimals; /**< Decimals of its prices. */
	bool has_text_prices;   /**< Its wire fixes no decimals: those of the parameters hold. */
	/** Bytes of arena that init takes at most. */
	uint64_t (*state_bytes)(const struct fp_venue_params *params);
	/** Make the channel's state in the arena; 0 or a negative errno. */
	int (*init)(struct fp_channel *channel, struct fp_arena *arena,
		const struct fp_venue_params *params);
	/**
	 * Decode datagrams of the channel, in order, into the batch; see fp_channel_receive().
	 *
	 * @param[in,out] channel    Its cursor, counters and state are updated.
	 * @param[in]     datagrams  Shape [count].
	 * @param[in]     count      [1..]
	 * @param[in,out] batch      Messages are appended.
	 * @return Datagrams used up; fewer than @p count only when the batch has no room for what
	 *         follows. The first that is not used up is offered again: a venue of streams may
	 *         have taken a part of it. At least 1 when the batch came empty, but for a stream
	 *         that has more to tell than one batch takes.
	 */
	uint16_t (*receive)(struct fp_channel *channel, const struct fp_datagram *datagrams,
		uint16_t count, struct fp_batch *batch);
	/**
	 * Tell what is left when nothing more comes; NULL = nothing ever is.
	 *
	 * @param[in,out] channel  Its counters are updated.
	 * @param[in,out] batch    Empty; messages are appended.
	 */
	void (*finish)(struct fp_channel *channel, struct fp_batch *batch);
	/**
	 * Read where a datagram stands, without counting or changing anything.
	 *
	 * @return False when its header cannot be read.
	 */
	bool (*peek)(FP_SCOPED struct fp_cspan payload, struct fp_datagram_header *header);
	/** Write a type code as summaries name it, terminated. */
	void (*type_name)(uint8_t type, char text[FP_VENUE_TYPE_BYTES]);
	struct fp_venue *next; /**< The registry's. */
};

/** One stream of one venue. Lives in its lcore's arena. */
struct fp_channel {
	/* hot */
	struct fp_continuity continuity;     /**< Where its stream is. */
	void *state;                         /**< The venue driver's. */
	const struct fp_venue *venue;        /**< Who decodes it. */
	bool has_line_b;                     /**< Datagrams come on two lines. */
	struct fp_channel_counters counters; /**< What it carried. */
	/* cold */
	struct fp_channel_fault fault;    /**< The last one. */
	uint16_t id;                      /**< Number in the configuration, from 0. */
	char name[FP_CHANNEL_NAME_BYTES]; /**< As the configuration names it. */
};

/** Add a venue to the registry; called before main() by FP_VENUE_REGISTER. */
void fp_venue_register(struct fp_venue *venue);

/** The venue of that name, or NULL. */
const struct fp_venue *fp_venue_find(const char *name);

/** The venue after @p venue in the registry, the first for NULL; NULL at the end. */
const struct fp_venue *fp_venue_next(const struct fp_venue *venue);

/** Register a venue driver before main(). */
#define FP_VENUE_REGISTER(venue)                          \
	FP_CONSTRUCTOR static void venue##_register(void) \
	{                                                 \
		fp_venue_register(&(venue));              \
	}

/** Bytes of arena that fp_channel_create() takes at most. */
uint64_t fp_channel_bytes(const struct fp_venue *venue, const struct fp_venue_params *params);

/**
 * Make a channel in an arena.
 *
 * @param[in]     name    Shorter than FP_CHANNEL_NAME_BYTES.
 * @param[in]     id      Number of the channel.
 * @param[in]     venue   Who decodes it.
 * @param[in]     params  For the venue.
 * @param[in,out] arena   Holds channel and state; they live as long as its epoch.
 * @param[out]    out     The channel; NULL on failure.
 * @return 0; -EINVAL name or transport is not acceptable; -ENOMEM the arena is full.
 */
FP_MUST_CHECK int fp_channel_create(const char *name, uint16_t id, const struct fp_venue *venue,
	const struct fp_venue_params *params, struct fp_arena *arena, struct fp_channel **out);

/** Everything but a datagram in order. Not for callers. */
FP_COLD uint32_t fpi_channel_unusual(struct fp_channel *channel, uint8_t line,
	const struct fp_datagram_header *header, const struct fp_continuity_result *result,
	struct fp_batch *batch);

/**
 * Let the venue decode datagrams of the channel, and count them by line.
 *
 * @param[in,out] channel    Of all the datagrams.
 * @param[in]     datagrams  Shape [count].
 * @param[in]     count      [1..]
 * @param[in,out] batch      Messages are appended.
 * @return Datagrams used up, as by struct fp_venue's receive.
 * @threads The lcore that owns the channel.
 */
FP_HOT_PATH static inline uint16_t
fp_channel_receive(struct fp_channel *channel, const struct fp_datagram *datagrams, uint16_t count,
	struct fp_batch *batch)
{
	/* fpcheck: allow FP0409 because the venue is configured, and one call takes the burst */
	uint16_t done = channel->venue->receive(channel, datagrams, count, batch);
	uint32_t on_line_b = 0;

	for (uint16_t i = 0; FP_UNLIKELY(channel->has_line_b) && i < done; i++)
		on_line_b += datagrams[i].line;
	fp_counter_add(&channel->counters.datagrams, done);
	fp_counter_add(&channel->counters.lines[0].datagrams, done - on_line_b);
	fp_counter_add(&channel->counters.lines[1].datagrams, on_line_b);
	return done;
}

/**
 * Place a datagram in the channel's stream.
 *
 * Puts what continuity has to say (Gap, BookClear) into the batch before the datagram's messages.
 * The caller has checked that the header lies inside the datagram.
 *
 * @param[in,out] channel  Of the datagram.
 * @param[in]     line     It came on.
 * @param[in]     header   Of the datagram; a count of 0 is a heartbeat.
 * @param[in,out] batch    With room for FP_BATCH bound of the datagram.
 * @return Leading messages to skip; header->count when nothing is to be delivered.
 */
FP_HOT_PATH static inline uint32_t
fp_channel_accept(struct fp_channel *channel, uint8_t line, const struct fp_datagram_header *header,
	struct fp_batch *batch)
{
	struct fp_continuity_result result = fp_continuity_place(&channel->continuity, header);

	if (FP_LIKELY(result.verdict == FP_CONTINUITY_IN_ORDER && result.skip == 0 &&
		    header->count != 0))
		return 0;
	return fpi_channel_unusual(channel, line, header, &result, batch);
}

/**
 * Count the messages of datagrams that were decoded to their end.
 *
 * @param[in,out] channel  Of the datagrams.
 * @param[in]     count    Messages delivered.
 */
FP_HOT_PATH static inline void
fp_channel_delivered(struct fp_channel *channel, uint64_t count)
{
	fp_counter_add(&channel->counters.messages, count);
}

/** Count one message by its type; taken back by the venue if the datagram is rejected later. */
FP_HOT_PATH static inline void
fp_channel_count_type(struct fp_channel *channel, uint8_t type)
{
	fp_counter_add(&channel->counters.by_type[type], 1);
}

/**
 * Reject a datagram whose header could not be read or believed: nothing is known of its place.
 */
FP_COLD void fp_channel_reject_header(struct fp_channel *channel, enum fp_malformed reason);

/**
 * Reject an accepted datagram that is malformed further on.
 *
 * What it appended is taken back, the messages it would have delivered are declared a gap.
 *
 * @param[in,out] channel  Of the datagram.
 * @param[in]     header   As accepted.
 * @param[in]     skip     As fp_channel_accept() returned it.
 * @param[in]     reason   What is wrong with it.
 * @param[in,out] batch    Cut back to @p mark.
 * @param[in]     mark     Count of the batch after fp_channel_accept() returned.
 */
FP_COLD void fp_channel_reject(struct fp_channel *channel, const struct fp_datagram_header *header,
	uint32_t skip, enum fp_malformed reason, struct fp_batch *batch, uint32_t mark);

/** Note where the fault was that is counted now. */
FP_COLD void
fp_channel_note_fault(struct fp_channel *channel, enum fp_malformed reason, uint64_t offset);

/** Count a datagram that the venue itself calls a copy of an earlier one. */
FP_COLD void fp_channel_duplicate(
	struct fp_channel *channel, uint8_t line, const struct fp_datagram_header *header);

/**
 * Take a datagram as the first one of its session, since the venue says that it begins anew.
 *
 * As fp_channel_accept(), but it is believed whatever its number is.
 */
FP_COLD void fp_channel_restart(struct fp_channel *channel, uint8_t line,
	const struct fp_datagram_header *header, struct fp_batch *batch);

/** Count a datagram that was not decoded because its copy on the other line waits already. */
FP_COLD void fp_channel_drop_copy(
	struct fp_channel *channel, uint8_t line, const struct fp_datagram_header *header);

/** Say once that the venue ended the session: an EndOfSession message is appended. */
FP_COLD void fp_channel_end_of_session(struct fp_channel *channel, struct fp_batch *batch);

#ifdef __cplusplus
}
#endif

#endif /* FP_CHANNEL_H */

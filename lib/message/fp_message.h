/* SPDX-License-Identifier: BSD-3-Clause */

/**
 * @file
 * Native messages in memory: one cache line each, what venues decode to and books apply.
 *
 *    0       2      3      4            8           16                       64
 *    | len   | type | zero | instr. id  | time_ns   | body (one of the schema's) |
 *
 * On a little-endian machine the first len bytes of a message are its wire image: encoding is one
 * copy of a cache line. The assertions in fp_message.c prove it field by field.
 *
 * Writers fill every field of the body, padding included, so that equal events are equal bytes.
 */

#ifndef FP_MESSAGE_H
#define FP_MESSAGE_H

#include "fp_reader.h"
#include "fp_schema.h"
#include "fp_units.h"
#include "fp_writer.h"

#ifdef __cplusplus
extern "C" {
#endif

/** Length of the part that all messages share [bytes]. */
#define FP_MESSAGE_HEADER_BYTES 16

/** Length of the longest message, and of every message in memory [bytes]. */
#define FP_MESSAGE_MAX_BYTES 64

/** FP_EXECUTE_F_PRICED: the execution's price differs from the order's and is given. */
#define FP_EXECUTE_F_PRICED        0x01
/** FP_EXECUTE_F_NON_PRINTABLE: already counted in another report; not to be added to volume. */
#define FP_EXECUTE_F_NON_PRINTABLE 0x02

/** FP_LEVEL_F_PARTIAL: more updates of the same event follow; the book is in transition. */
#define FP_LEVEL_F_PARTIAL 0x01

/** FP_QUOTE_F_STALE: the book behind the quote is stale. */
#define FP_QUOTE_F_STALE  0x01
/** FP_QUOTE_F_HALTED: the venue says that the instrument is halted, paused or not available. */
#define FP_QUOTE_F_HALTED 0x02

/** FP_REQUEST_F_PRICED: the request has a limit, and it is given. */
#define FP_REQUEST_F_PRICED 0x01

/** What an OrderRequest message asks for. */
enum fp_request_kind {
	FP_REQUEST_NEW = 'D',    /**< A new order. */
	FP_REQUEST_CANCEL = 'F', /**< That the order of original_id be cancelled. */
	FP_REQUEST_CHANGE = 'G', /**< That it be changed to what the request says. */
};

/** What a Trade message reports. */
enum fp_trade_kind {
	FP_TRADE_REGULAR = 'T', /**< A trade. */
	FP_TRADE_CROSS = 'C',   /**< An opening, closing or other cross. */
	FP_TRADE_BREAK = 'B',   /**< An earlier trade is void: match_id says which. */
};

/** What a TradingStatus message is about. */
enum fp_status_kind {
	FP_STATUS_TRADING = 'H',     /**< Halted, paused, quoting or trading. */
	FP_STATUS_OPERATIONAL = 'O', /**< Operational halt of one market. */
	FP_STATUS_SHORT_SALE = 'P',  /**< Short-sale price test. */
	FP_STATUS_SYSTEM = 'S',      /**< System event; instrument is 0. */
	FP_STATUS_BREAKER = 'W',     /**< Market-wide circuit breaker; instrument is 0. */
	FP_STATUS_SECURITY = 'E',    /**< Opening or closing process of one security. */
	FP_STATUS_RETAIL = 'I',      /**< Retail liquidity indicator. */
};

/** Why a book became stale. */
enum fp_stale_reason {
	FP_STALE_GAP = 1,             /**< Messages were lost. */
	FP_STALE_UNKNOWN_ORDER = 2,   /**< A change named an order that is not in the book. */
	FP_STALE_OVER_REDUCTION = 3,  /**< More was taken from an order than it had. */
	FP_STALE_DUPLICATE_ORDER = 4, /**< An order was added twice. */
	FP_STALE_FULL = 5,            /**< A table of the books was full. */
	FP_STALE_UPSTREAM = 6,        /**< The publisher upstream said so. */
	FP_STALE_FIELD = 7,           /**< A field was outside its domain. */
};

/** Why books were cleared. */
enum fp_clear_reason {
	FP_CLEAR_SESSION = 1, /**< The venue's session started anew. */
	FP_CLEAR_VENUE = 2,   /**< The venue cleared the book. */
};

#define FPI_TYPE_ENUM(code, NAME, name, help) FP_MESSAGE_##NAME = (code),

/** Type of a message, its code on the wire. */
enum fp_message_type {
	FP_MESSAGES(FPI_TYPE_ENUM)
};

#define FPI_FIELD_u8(name)          uint8_t name;
#define FPI_FIELD_u16(name)         uint16_t name;
#define FPI_FIELD_u32(name)         uint32_t name;
#define FPI_FIELD_u64(name)         uint64_t name;
#define FPI_FIELD_price(name)       struct fp_price name;
#define FPI_FIELD_qty(name)         struct fp_qty name;
#define FPI_FIELD_symbol16(name)    struct fp_symbol16 name;
#define FPI_FIELD_tag4(name)        struct fp_tag4 name;
#define FPI_FIELD_pad2(name)        uint8_t name[2];
#define FPI_FIELD_pad3(name)        uint8_t name[3];
#define FPI_FIELD_pad5(name)        uint8_t name[5];
#define FPI_FIELD_pad6(name)        uint8_t name[6];
#define FPI_FIELD_pad7(name)        uint8_t name[7];
#define FPI_FIELD(kind, name, help) FPI_FIELD_##kind(name)

#define FPI_BODY_STRUCT(code, NAME, name, help)                       \
	/** Body of a message of the schema: its fields, in order. */ \
	struct fp_message_##name {                                    \
		FP_FIELDS_##NAME(FPI_FIELD)                           \
	};
FP_MESSAGES(FPI_BODY_STRUCT)

#define FPI_BODY_MEMBER(code, NAME, name, help) struct fp_message_##name name;

/** A native message. */
struct fp_message {
	uint16_t len;           /**< Length on the wire, header included [16..64 bytes]. */
	uint8_t type;           /**< enum fp_message_type. */
	uint8_t zero;           /**< Reserved. */
	uint32_t instrument_id; /**< The venue's number of it in the channel; 0 = none. */
	uint64_t time_ns;       /**< The venue's own time of the event [ns, epoch of the venue]. */
	union {
		FP_MESSAGES(FPI_BODY_MEMBER)
	}; /**< Fields of the type. */
} FP_CACHE_ALIGNED;

/** Length on the wire by type code [bytes]; 0 = no such type. */
extern const uint8_t fp_message_lengths[256];

/** Wire length of messages of type @p NAME, header included [bytes]; a constant. */
#define FP_MESSAGE_LEN(name) \
	((uint16_t)(FP_MESSAGE_HEADER_BYTES + sizeof(struct fp_message_##name)))

/** Name of a type as summaries print it, "unknown" for a code outside the schema. */
const char *fp_message_name(uint8_t type);

/**
 * Append the message to a packet.
 *
 * The writer needs room for FP_MESSAGE_MAX_BYTES whatever the type: a whole cache line is copied
 * and the writer advances by the message's length.
 *
 * @param[in,out] writer   At a multiple of 8 from the packet's start.
 * @param[in]     message  Filled in, len and type agreeing.
 * @cost  One 64-byte copy, no branch on the type.
 */
FP_HOT_PATH static inline void
fp_message_encode(struct fp_writer *writer, const struct fp_message *message)
{
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
	memcpy(fpi_writer_claim(writer, FP_MESSAGE_MAX_BYTES), message, FP_MESSAGE_MAX_BYTES);
	writer->pos -= FP_MESSAGE_MAX_BYTES - message->len;
#else
#error "encoding of native messages is written for little-endian machines"
#endif
}

/**
 * Decode the fields that follow a message's header.
 *
 * @param[in]  view     Exactly one message, header included [bytes].
 * @param[out] message  Filled on success; unspecified on error.
 * @return 0; -ENOENT the type is not in the schema (skip it by its length); -EBADMSG the length is
 *         not the type's, or differs from the length of @p view.
 * @threads Any. No allocation.
 */
FP_MUST_CHECK FP_HOT_PATH int
fp_message_decode(FP_SCOPED struct fp_cspan view, struct fp_message *message);

/**
 * Print a message in one line of text, for people.
 *
 * @param[in]  message  To be printed.
 * @param[out] text     Room for the line; always terminated.
 * @param[in]  cap      Size of @p text [bytes, 1..]; 512 holds any message.
 * @return Length of the line, cut to @p cap - 1.
 */
size_t fp_message_describe(const struct fp_message *message, char *text, size_t cap);

#ifdef __cplusplus
}
#endif

#endif /* FP_MESSAGE_H */

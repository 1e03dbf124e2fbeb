/* SPDX-License-Identifier: BSD-3-Clause */

/**
 * @file
 * The wire's faults: every reason for which a frame, datagram or message is not used.
 *
 * One list, from which come the enumeration, the names in summaries and telemetry, and the help.
 * A fault is counted and contained to its datagram; it is never logged per packet and never stops
 * the program.
 */

#ifndef FP_FAULT_H
#define FP_FAULT_H

#include "fp_atomic.h"

#ifdef __cplusplus
extern "C" {
#endif

/**
 * Reasons to drop a frame before a channel is known: F(NAME, name, help).
 */
#define FP_DROP_REASONS(F)                                                                   \
	F(NIC_CHECKSUM, nic_checksum, "checksum wrong by the NIC's own verdict")             \
	F(SEGMENTED, segmented, "frame longer than one buffer")                              \
	F(ETHERNET_SHORT, ethernet_short, "frame shorter than its Ethernet header and tags") \
	F(VLAN_DEPTH, vlan_depth, "more than two VLAN tags")                                 \
	F(NOT_IPV4, not_ipv4, "EtherType other than IPv4")                                   \
	F(IP_SHORT, ip_short, "frame ends inside the IPv4 header")                           \
	F(IP_HEADER, ip_header, "IPv4 version or header length wrong")                       \
	F(IP_LENGTH, ip_length, "IPv4 total length does not fit the frame")                  \
	F(IP_CHECKSUM, ip_checksum, "IPv4 header checksum wrong")                            \
	F(FRAGMENT, fragment, "IPv4 fragment: datagrams are not reassembled")                \
	F(NOT_UDP, not_udp, "IP protocol other than UDP")                                    \
	F(UDP_LENGTH, udp_length, "UDP length does not fit the IPv4 payload")                \
	F(UDP_CHECKSUM, udp_checksum, "UDP checksum wrong")                                  \
	F(NO_CHANNEL, no_channel, "no channel has this group and UDP port")

/**
 * Reasons for which a datagram of a channel is malformed: F(NAME, name, help).
 */
#define FP_MALFORMED_REASONS(F)                                                                  \
	F(HEADER_SHORT, header_short, "datagram ends inside the transport header")               \
	F(HEADER_VERSION, header_version, "transport version, protocol or magic not known")      \
	F(PAYLOAD_LENGTH, payload_length, "announced payload length is not what follows")        \
	F(MESSAGE_COUNT, message_count, "announced count is not the number of messages present") \
	F(MESSAGE_SHORT, message_short,                                                          \
		"message ends before its type is known, or before it is whole")                  \
	F(MESSAGE_LENGTH, message_length, "length is not the one of the message's type")         \
	F(MESSAGE_FIELD, message_field, "a field holds a value outside its domain")              \
	F(SEQUENCE, sequence, "sequence number that no session can reach")                       \
	F(MESSAGE_LONG, message_long, "message longer than the venue takes")                     \
	F(BODY_LENGTH, body_length, "body length no number, or no trailer where it ends")        \
	F(CHECKSUM, checksum, "checksum of the message is not the one announced")                \
	F(FIELD_ORDER, field_order, "a field is not where it belongs, or is there twice")        \
	F(FIELD_SYNTAX, field_syntax, "field is no tag=value: bad tag, or empty value")          \
	F(FIELD_MISSING, field_missing, "a field that the message's type needs is not there")    \
	F(DATA_LENGTH, data_length, "data field is not as long as its length field says")        \
	F(GROUP_COUNT, group_count, "repeating group has not the announced number of entries")

#define FPI_DROP_ENUM(NAME, name, help)      FP_DROP_##NAME,
#define FPI_MALFORMED_ENUM(NAME, name, help) FP_MALFORMED_##NAME,

/** Why a frame was dropped before a channel was known. */
enum fp_drop {
	FP_DROP_REASONS(FPI_DROP_ENUM) FP_DROP_COUNT, /**< Number of reasons, no reason itself. */
};

/** Why a datagram of a channel was dropped as malformed. */
enum fp_malformed {
	FP_MALFORMED_REASONS(FPI_MALFORMED_ENUM)
	FP_MALFORMED_COUNT, /**< Number of reasons, no reason itself. */
};

/** Name of a drop reason, as summaries and telemetry print it; "unknown" outside the list. */
const char *fp_drop_name(enum fp_drop reason);

/** What a drop reason means, one line. */
const char *fp_drop_help(enum fp_drop reason);

/** Name of a malformed reason, as summaries and telemetry print it; "unknown" outside the list. */
const char *fp_malformed_name(enum fp_malformed reason);

/** What a malformed reason means, one line. */
const char *fp_malformed_help(enum fp_malformed reason);

#ifdef __cplusplus
}
#endif

#endif /* FP_FAULT_H */

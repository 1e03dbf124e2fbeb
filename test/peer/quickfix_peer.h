/* SPDX-License-Identifier: BSD-3-Clause */

/**
 * @file
 * The tests of the peer; each counts its failures in quickfix_fields.h.
 */

#ifndef QUICKFIX_PEER_H
#define QUICKFIX_PEER_H

/* quickfix_reads_ours.cpp */
void they_read_the_fields_that_we_wrote();
void they_read_whole_messages_in_data_fields();
void they_take_our_numbers_and_times_for_what_they_are();
void they_frame_our_stream();
void a_changed_value_is_found();

/* quickfix_read_by_us.cpp */
void we_read_the_fields_that_they_wrote();
void we_read_data_fields_that_they_wrote();
void both_read_the_same_in_captured_messages();

/* quickfix_refusals.cpp */
void both_refuse_what_is_garbled();
void we_refuse_what_they_are_not_asked();
void opinions_differ_where_it_is_documented();
void both_refuse_captured_messages_without_length_and_sum();

#endif /* QUICKFIX_PEER_H */

<?php
/**
 * A survey in the page: [askwell survey="article"], or the block of the same attribute.
 *
 * @package Askwell
 */

defined( 'ABSPATH' ) || exit;

/**
 * The element that a survey shows in; page.js does the rest. Its height is kept, so that nothing moves. It has no id: in a
 * list of posts there may be several.
 */
function askwell_survey( $attributes ) {
	$attributes = shortcode_atts(
		array(
			'survey' => '',
			'height' => 220,
		),
		$attributes,
		'askwell'
	);
	if ( ! preg_match( '/^[a-z0-9][a-z0-9_-]*$/', $attributes['survey'] ) ) {
		// A reader need not know; who can mend it should.
		return current_user_can( 'edit_posts' )
			? '<p><em>' . esc_html__( 'Askwell: this has no survey, or one whose id cannot be.', 'askwell' ) . '</em></p>'
			: '';
	}
	return sprintf(
		'<div class="askwell-survey" data-askwell-survey="%1$s" style="min-height:%2$dpx"></div>',
		esc_attr( $attributes['survey'] ),
		absint( $attributes['height'] )
	);
}
add_shortcode( 'askwell', 'askwell_survey' );

add_action(
	'init',
	function () {
		register_block_type( __DIR__ . '/block', array( 'render_callback' => 'askwell_survey' ) );
		wp_set_script_translations( 'askwell-survey-editor-script', 'askwell', __DIR__ . '/languages' );
	}
);

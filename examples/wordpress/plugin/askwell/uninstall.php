<?php
/**
 * When the plugin is deleted: it leaves nothing behind, but the mark of orders that were told of.
 *
 * @package Askwell
 */

defined( 'WP_UNINSTALL_PLUGIN' ) || exit;

if ( is_multisite() ) {
	foreach ( get_sites( array( 'fields' => 'ids', 'number' => 0 ) ) as $askwell_blog ) {
		delete_blog_option( $askwell_blog, 'askwell' );
	}
} else {
	delete_option( 'askwell' );
}

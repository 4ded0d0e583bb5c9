<?php
// Installs the example's WordPress: its tables, two users, the plugin with its settings, and something to read.
$socket = getenv( 'WP_DATA' ) . '/socket';
mysqli_report( MYSQLI_REPORT_OFF );
// The database takes a moment to listen.
for ( $tries = 0; ! ( $db = @mysqli_connect( 'localhost', 'root', '', '', 0, $socket ) ); $tries++ ) {
	if ( $tries > 600 ) {
		exit( 'install.php: the database does not answer: ' . mysqli_connect_error() . "\n" );
	}
	usleep( 100000 );
}
mysqli_query( $db, 'CREATE DATABASE wordpress CHARACTER SET utf8mb4' );
mysqli_close( $db );

$_SERVER['HTTP_HOST'] = substr( getenv( 'WP_URL' ), strlen( 'http://' ) );
define( 'WP_INSTALLING', true );
require __DIR__ . '/dist/wordpress/wp-load.php';
require_once ABSPATH . 'wp-admin/includes/upgrade.php';
require_once ABSPATH . 'wp-admin/includes/plugin.php';

// There is nobody to mail to.
function wp_new_blog_notification() {}

$password = getenv( 'WP_PASSWORD' );
wp_install( 'Kiln Notes', 'ada', 'ada@example.com', true, '', $password );
wp_insert_user(
	array(
		'user_login' => 'reader',
		'user_pass'  => $password,
		'user_email' => 'reader@example.com',
		'role'       => 'subscriber',
	)
);
update_option( 'show_avatars', false ); // they come from elsewhere
update_option( 'blogdescription', 'Clay, glaze and patience' );
$wp_rewrite->set_permalink_structure( '/%postname%/' );
switch_theme( 'twentytwentythree' );

wp_delete_post( 1, true );
wp_delete_post( 2, true );
function example_publish( $slug, $title, $content, $type = 'post' ) {
	return wp_insert_post(
		array(
			'post_name'      => $slug,
			'post_title'     => $title,
			'post_content'   => $content,
			'post_type'      => $type,
			'post_status'    => 'publish',
			'comment_status' => 'closed',
			'post_author'    => 1,
		)
	);
}
function example_paragraph( $text ) {
	return "<!-- wp:paragraph -->\n<p>$text</p>\n<!-- /wp:paragraph -->\n\n";
}
example_publish(
	'glaze',
	'A glaze that forgives',
	example_paragraph( 'Most glazes want to be put on once, evenly, by somebody who has slept well. This one does not mind. It is made of five things that every pottery has, and it hides the marks of the brush.' )
	. example_paragraph( 'Weigh forty parts of feldspar, twenty of whiting, twenty of kaolin, fifteen of quartz and five of tin oxide. Sieve it twice, leave it overnight, and stir it more than you think you should.' )
	. example_paragraph( 'It goes milky at 1,200 degrees and clear ten degrees later. We stop in between.' )
	. "<!-- wp:shortcode -->\n[askwell survey=\"article\"]\n<!-- /wp:shortcode -->"
);
example_publish(
	'wedging',
	'Wedging, or the first ten minutes',
	example_paragraph( 'Whoever skips the wedging will meet the same air again in the kiln, where it is louder.' )
	. example_paragraph( 'Turn, press, turn: a hundred times for a bowl. It is the part of the day in which nobody can reach you by telephone.' )
	. '<!-- wp:askwell/survey {"survey":"article"} /-->'
);
example_publish( 'cart', 'Cart', '[example_cart]', 'page' );
example_publish( 'order-received', 'Order received', '[example_order]', 'page' );

// A menu, a front page and colours, as somebody would make them in the site editor.
example_publish( 'menu', 'Menu', '<!-- wp:navigation-link {"label":"Cart","url":"/cart/","kind":"custom"} /-->', 'wp_navigation' );
$home = <<<'HTML'
<!-- wp:template-part {"slug":"header","theme":"twentytwentythree","tagName":"header"} /-->
<!-- wp:group {"tagName":"main","style":{"spacing":{"margin":{"top":"3rem"}}},"layout":{"type":"constrained"}} -->
<main class="wp-block-group" style="margin-top:3rem">
<!-- wp:heading {"level":1} --><h1 class="wp-block-heading">Clay, glaze and patience</h1><!-- /wp:heading -->
<!-- wp:paragraph --><p>Notes from a small pottery: what worked, what cracked, and why.</p><!-- /wp:paragraph -->
<!-- wp:query {"query":{"perPage":6,"postType":"post","inherit":true}} --><div class="wp-block-query"><!-- wp:post-template -->
<!-- wp:post-title {"isLink":true,"level":2,"fontSize":"large"} /--><!-- wp:post-excerpt {"moreText":"Read on"} /-->
<!-- /wp:post-template --></div><!-- /wp:query -->
</main>
<!-- /wp:group -->
<!-- wp:template-part {"slug":"footer","theme":"twentytwentythree","tagName":"footer"} /-->
HTML;
wp_set_object_terms( example_publish( 'home', 'Home', $home, 'wp_template' ), 'twentytwentythree', 'wp_theme' );
$styles = array(
	'version'                     => 2,
	'isGlobalStylesUserThemeJSON' => true,
	'styles'                      => array(
		'color'      => array( 'background' => '#fbf7f1', 'text' => '#2c2420' ),
		'typography' => array( 'fontFamily' => 'Georgia, "Noto Serif", serif' ),
		'elements'   => array(
			'link'    => array( 'color' => array( 'text' => '#9a3d1c' ) ),
			'heading' => array( 'typography' => array( 'fontWeight' => '600' ) ),
			'button'  => array(
				'color'  => array( 'background' => '#9a3d1c', 'text' => '#ffffff' ),
				'border' => array( 'radius' => '999px' ),
			),
		),
	),
);
$styles = example_publish( 'wp-global-styles-twentytwentythree', 'Styles', wp_slash( wp_json_encode( $styles ) ), 'wp_global_styles' );
wp_set_object_terms( $styles, 'twentytwentythree', 'wp_theme' );

update_option(
	'askwell',
	array(
		'host'     => getenv( 'ASKWELL_HOST' ),
		'site'     => getenv( 'ASKWELL_SITE' ),
		'identify' => true,
		'secret'   => getenv( 'ASKWELL_SECRET' ),
	)
);
$active = activate_plugin( 'askwell/askwell.php' );
if ( is_wp_error( $active ) ) {
	exit( 'install.php: ' . $active->get_error_message() . "\n" );
}
flush_rewrite_rules();

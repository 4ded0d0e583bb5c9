<?php
/**
 * Settings → Askwell. WordPress's own settings page checks the nonce and the capability (manage_options).
 *
 * @package Askwell
 */

defined( 'ABSPATH' ) || exit;

add_action(
	'admin_menu',
	function () {
		add_options_page( __( 'Askwell', 'askwell' ), __( 'Askwell', 'askwell' ), 'manage_options', 'askwell', 'askwell_settings_page' );
	}
);

add_action(
	'admin_init',
	function () {
		register_setting(
			'askwell',
			'askwell',
			array(
				'type'              => 'array',
				'sanitize_callback' => 'askwell_sanitize',
				'show_in_rest'      => false, // it holds a secret
			)
		);
	}
);

add_filter(
	'plugin_action_links_' . plugin_basename( __DIR__ . '/askwell.php' ),
	function ( $links ) {
		$url = admin_url( 'options-general.php?page=askwell' );
		return array_merge( array( '<a href="' . esc_url( $url ) . '">' . esc_html__( 'Settings', 'askwell' ) . '</a>' ), $links );
	}
);

/** What may be stored of what was typed. What cannot be is told, and the old value stays. */
function askwell_sanitize( $input ) {
	$old = wp_parse_args( get_option( 'askwell', array() ), array( 'host' => '', 'site' => '', 'secret' => '' ) );
	$new = array(
		'host'     => untrailingslashit( esc_url_raw( trim( $input['host'] ?? '' ), array( 'https', 'http' ) ) ),
		'site'     => trim( $input['site'] ?? '' ),
		'identify' => ! empty( $input['identify'] ),
		'secret'   => trim( $input['secret'] ?? '' ),
	);
	if ( '' !== trim( $input['host'] ?? '' ) && ! wp_parse_url( $new['host'], PHP_URL_HOST ) ) {
		add_settings_error( 'askwell', 'host', __( 'The address of the collector has to begin with https://.', 'askwell' ) );
		$new['host'] = $old['host'];
	}
	if ( '' !== $new['site'] && ! preg_match( '/^[a-z0-9][a-z0-9_-]{0,62}$/', $new['site'] ) ) {
		add_settings_error( 'askwell', 'site', __( 'The site’s id has small letters, digits, - and _ only.', 'askwell' ) );
		$new['site'] = $old['site'];
	}
	// The page never shows the secret, so an empty field leaves it as it is.
	if ( ! empty( $input['forget'] ) ) {
		$new['secret'] = '';
	} elseif ( '' === $new['secret'] ) {
		$new['secret'] = $old['secret'];
	}
	return $new;
}

function askwell_settings_page() {
	if ( ! current_user_can( 'manage_options' ) ) {
		return;
	}
	$settings = askwell_settings();
	$constant = defined( 'ASKWELL_SECRET' );
	?>
	<div class="wrap">
		<h1><?php echo esc_html( get_admin_page_title() ); ?></h1>
		<form action="options.php" method="post">
			<?php settings_fields( 'askwell' ); ?>
			<table class="form-table" role="presentation">
				<tr>
					<th scope="row"><label for="askwell-host"><?php esc_html_e( 'Address of the collector', 'askwell' ); ?></label></th>
					<td>
						<input type="url" class="regular-text" id="askwell-host" name="askwell[host]" value="<?php echo esc_attr( $settings['host'] ); ?>" placeholder="https://feedback.example.com">
					</td>
				</tr>
				<tr>
					<th scope="row"><label for="askwell-site"><?php esc_html_e( 'Id of the site', 'askwell' ); ?></label></th>
					<td>
						<input type="text" class="regular-text code" id="askwell-site" name="askwell[site]" value="<?php echo esc_attr( $settings['site'] ); ?>" pattern="[a-z0-9][a-z0-9_-]*">
					</td>
				</tr>
				<tr>
					<th scope="row"><?php esc_html_e( 'Users', 'askwell' ); ?></th>
					<td>
						<label><input type="checkbox" name="askwell[identify]" value="1" <?php checked( $settings['identify'] ); ?>> <?php esc_html_e( 'Responses carry the id and the role of who is signed in', 'askwell' ); ?></label>
					</td>
				</tr>
				<tr>
					<th scope="row"><label for="askwell-secret"><?php esc_html_e( 'Secret', 'askwell' ); ?></label></th>
					<td>
						<input type="password" class="regular-text" id="askwell-secret" name="askwell[secret]" value="" autocomplete="off" aria-describedby="askwell-secret-help" <?php disabled( $constant ); ?> placeholder="<?php echo esc_attr( '' === $settings['secret'] ? '' : __( 'is set', 'askwell' ) ); ?>">
						<p class="description" id="askwell-secret-help">
							<?php
							if ( $constant ) {
								esc_html_e( 'It comes from ASKWELL_SECRET in wp-config.php.', 'askwell' );
							} else {
								esc_html_e( 'From “askwell secret”: proves to the collector who is signed in. Empty: stays as it is.', 'askwell' );
							}
							?>
						</p>
						<?php if ( ! $constant && '' !== $settings['secret'] ) : ?>
							<label><input type="checkbox" name="askwell[forget]" value="1"> <?php esc_html_e( 'Forget it', 'askwell' ); ?></label>
						<?php endif; ?>
					</td>
				</tr>
			</table>
			<?php submit_button(); ?>
		</form>
	</div>
	<?php
}

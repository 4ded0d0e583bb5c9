/** Where the collector is: make example says it in the environment. */
export const where = {
  host: import.meta.env.ASKWELL_HOST as string,
  site: import.meta.env.ASKWELL_SITE as string,
};

/** In the place of a login's id: all logins, those to come included, or what concerns none in particular. */
export const ALL = "*";

// @ts-check
/** What `npm start` and `npm test` need of the system, and how the package registries call it. */

/**
 * @typedef Need
 * @property {string} name in words
 * @property {"run" | "test"} for
 * @property {string} [library] its soname: it is there when the dynamic linker knows it
 * @property {readonly string[]} [programs] it is there when one of them is on the path
 * @property {readonly (readonly string[])[]} apt packages of Debian and Ubuntu; of several names for one, the newest first
 * @property {string} other what Fedora calls it
 */

/**
 * @param {string} name
 * @param {string} soname
 * @param {readonly string[]} apt
 * @param {string} other
 * @returns {Need}
 */
const library = (name, soname, apt, other) => ({ name, for: "run", library: soname, apt: [apt], other });

/**
 * @param {readonly string[]} programs
 * @param {readonly string[]} apt
 * @param {string} other
 * @returns {Need}
 */
const program = (programs, apt, other) => ({
  name: programs[0] ?? "",
  for: "test",
  programs,
  apt: apt.map((each) => [each]),
  other,
});

/**
 * @param {string} name
 * @param {readonly string[]} apt
 * @param {string} other
 * @returns {Need}
 */
const data = (name, apt, other) => ({ name, for: "test", apt: apt.map((each) => [each]), other });

/** @type {readonly Need[]} */
export const NEEDS = [
  library("GTK 3", "libgtk-3.so.0", ["libgtk-3-0t64", "libgtk-3-0"], "gtk3"),
  library("NSS", "libnss3.so", ["libnss3"], "nss"),
  library("ALSA", "libasound.so.2", ["libasound2t64", "libasound2"], "alsa-lib"),
  library("GBM", "libgbm.so.1", ["libgbm1"], "mesa-libgbm"),
  library("DRM", "libdrm.so.2", ["libdrm2"], "libdrm"),
  library("CUPS", "libcups.so.2", ["libcups2t64", "libcups2"], "cups-libs"),
  library(
    "the accessibility bridge",
    "libatk-bridge-2.0.so.0",
    ["libatk-bridge2.0-0t64", "libatk-bridge2.0-0"],
    "at-spi2-atk",
  ),
  library("the accessibility interface", "libatspi.so.0", ["libatspi2.0-0t64", "libatspi2.0-0"], "at-spi2-core"),
  library("xkbcommon", "libxkbcommon.so.0", ["libxkbcommon0"], "libxkbcommon"),
  // These two are loaded when they are first used: without them no notification appears, and nothing says so.
  library("libnotify", "libnotify.so.4", ["libnotify4"], "libnotify"),
  library("libsecret", "libsecret-1.so.0", ["libsecret-1-0"], "libsecret"),

  program(["Xvfb"], ["xvfb"], "xorg-x11-server-Xvfb"),
  program(["dbus-daemon"], ["dbus", "dbus-bin"], "dbus-daemon"),
  program(["xfce4-panel"], ["xfce4-panel", "xfconf"], "xfce4-panel"),
  program(["xfwm4"], ["xfwm4"], "xfwm4"),
  program(["xfce4-notifyd-config"], ["xfce4-notifyd"], "xfce4-notifyd"),
  program(["xterm"], ["xterm"], "xterm"),
  program(["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"], ["chromium"], "chromium"),
  program(["import"], ["imagemagick"], "ImageMagick"),
  program(["desktop-file-validate"], ["desktop-file-utils"], "desktop-file-utils"),
  program(["zsh"], ["zsh"], "zsh"),
  program(["fish"], ["fish"], "fish"),
  program(["strace"], ["strace"], "strace"),
  program(["gdbus"], ["libglib2.0-bin"], "glib2"),
  program(["systemd-inhibit"], ["systemd"], "systemd"),
  program(["xdotool"], ["xdotool"], "xdotool"),
  data("python3-dbusmock", ["python3-dbusmock", "python3-gi", "python3-dbus"], "python3-dbusmock"),
  data("fonts", ["fonts-dejavu-core", "fontconfig"], "dejavu-sans-fonts"),
  data("an icon theme", ["adwaita-icon-theme", "librsvg2-common"], "adwaita-icon-theme"),
];

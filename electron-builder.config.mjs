// @ts-check
/**
 * How the app is packaged. `npm run package:dir` (scripts/package/dir.mjs) makes the unpacked Linux app of it and adds what
 * depends on the Electron at hand; only that one is tested. The other targets are filled in for the day they are built.
 */

/**
 * What is packed, and nothing else: each part is one bundle, so no node_modules are needed. The command line stays out: the
 * app brings no Node to run it with.
 */
const PACKED = [
  "package.json",
  "out/main/index.cjs",
  "out/preload/index.cjs",
  "out/renderer/index.{html,js,css}",
  "resources/icon.png",
  "resources/tray/*.{png,ico}",
];

/**
 * What the app can be told from outside: nothing that would make it run foreign code. Asar integrity is looked at on macOS
 * and Windows only. The privileges of file: stay, for without them a page in app.asar cannot be loaded by its path; its
 * Content-Security-Policy keeps it from using them.
 * @satisfies {NonNullable<import("electron-builder").Configuration["electronFuses"]>}
 */
export const FUSES = {
  runAsNode: false,
  enableNodeOptionsEnvironmentVariable: false,
  enableNodeCliInspectArguments: false,
  onlyLoadAppFromAsar: true,
  enableEmbeddedAsarIntegrityValidation: true,
  enableCookieEncryption: true,
  loadBrowserProcessSpecificV8Snapshot: false,
  grantFileProtocolExtraPrivileges: true,
};

/** @satisfies {import("electron-builder").Configuration} */
const config = {
  appId: "app.pilot-light",
  productName: "Pilot Light",
  copyright: "MIT License",
  directories: { output: "release", buildResources: "build" },
  asar: true,
  files: [...PACKED, "!**/node_modules/**"],
  npmRebuild: false,
  nodeGypRebuild: false,
  publish: null,
  electronLanguages: ["en-US"],
  extraMetadata: { main: "out/main/index.cjs", desktopName: "pilot-light.desktop" },
  electronFuses: FUSES,
  linux: {
    target: ["deb", "AppImage"],
    executableName: "pilot-light",
    category: "Utility",
    synopsis: "Keeps the OAuth logins of opencode alive",
    icon: "icons",
    syncDesktopName: true,
    desktop: { entry: { Name: "Pilot Light", Keywords: "opencode;OAuth;login;tray;", StartupNotify: "false" } },
  },
  mac: {
    target: ["dmg", "zip"],
    category: "public.app-category.developer-tools",
    icon: "icon.png",
    hardenedRuntime: true,
    // It lives in the menu bar: no icon in the Dock, no menu of its own.
    extendInfo: { LSUIElement: true },
  },
  win: { target: ["nsis"], icon: "icon.ico", executableName: "Pilot Light" },
  nsis: { oneClick: true, perMachine: false, deleteAppDataOnUninstall: false },
};

export default config;

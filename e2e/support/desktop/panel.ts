/** Where Debian and others keep the settings daemon of Xfce; a bus would start it, ours starts nothing. */
export const XFCONFD: readonly string[] = [
  `/usr/lib/${process.arch === "arm64" ? "aarch64" : "x86_64"}-linux-gnu/xfce4/xfconf/xfconfd`,
  "/usr/lib64/xfce4/xfconf/xfconfd",
  "/usr/lib/xfce4/xfconf/xfconfd",
];

/** The panel is so high; the last icon fills a square of that size at its right end. */
export const ICON_PX = 32;

/** @returns the settings of an xfce4-panel with nothing but a tray, that asks nothing. */
export function panelSettings(light: boolean): string {
  return `<?xml version="1.0" encoding="UTF-8"?>
<channel name="xfce4-panel" version="1.0">
  <property name="configver" type="int" value="2"/>
  <property name="panels" type="array">
    <value type="int" value="1"/>
    <property name="dark-mode" type="bool" value="${!light}"/>
    <property name="panel-1" type="empty">
      <property name="position" type="string" value="p=6;x=0;y=0"/>
      <property name="length" type="uint" value="100"/>
      <property name="position-locked" type="bool" value="true"/>
      <property name="icon-size" type="uint" value="22"/>
      <property name="size" type="uint" value="${ICON_PX}"/>
      <property name="plugin-ids" type="array">
        <value type="int" value="1"/>
        <value type="int" value="2"/>
      </property>
    </property>
  </property>
  <property name="plugins" type="empty">
    <property name="plugin-1" type="string" value="separator">
      <property name="expand" type="bool" value="true"/>
      <property name="style" type="uint" value="0"/>
    </property>
    <property name="plugin-2" type="string" value="systray">
      <property name="square-icons" type="bool" value="true"/>
    </property>
  </property>
</channel>
`;
}

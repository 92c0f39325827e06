"""Sees the tray as a panel does: one JSON request a line on stdin, one JSON answer a line on stdout.

Signals of items and menus are passed on as {"event": NAME}, so that nobody has to ask again and again.
"""

import hashlib
import json
import os
import sys

import dbus
import dbus.mainloop.glib
from gi.repository import GLib

WATCHER = "org.kde.StatusNotifierWatcher"
ITEM = "org.kde.StatusNotifierItem"
MENU = "com.canonical.dbusmenu"
PROPERTIES = "org.freedesktop.DBus.Properties"
TIMEOUT = 5


def send(message):
    sys.stdout.write(json.dumps(message) + "\n")
    sys.stdout.flush()


def plain(value):
    """A D-Bus value as JSON knows it."""
    if value is None:
        return None
    if isinstance(value, (dbus.Boolean, bool)):
        return bool(value)
    if isinstance(value, (dbus.Byte, int)):
        return int(value)
    if isinstance(value, float):
        return float(value)
    if isinstance(value, str):
        return str(value)
    if isinstance(value, dict):
        return {str(key): plain(inner) for key, inner in value.items()}
    return [plain(inner) for inner in value]


def words_of(label):
    """A label without its mnemonics: one underscore marks the next letter, two are one."""
    return label.replace("__", "\0").replace("_", "").replace("\0", "_")


class Client:
    def __init__(self, bus):
        self.bus = bus

    def call(self, service, path, interface, method, signature, *args):
        return self.bus.call_blocking(service, path, interface, method, signature, args, TIMEOUT)

    def has_name(self, name):
        return bool(self.bus.name_has_owner(name))

    def host_registered(self):
        if not self.has_name(WATCHER):
            return False
        try:
            found = self.call(WATCHER, "/StatusNotifierWatcher", PROPERTIES, "Get", "ss", WATCHER,
                              "IsStatusNotifierHostRegistered")
        except dbus.DBusException:
            # It went away in between.
            return False
        return bool(found)

    def items(self):
        if not self.has_name(WATCHER):
            return []
        names = self.call(WATCHER, "/StatusNotifierWatcher", PROPERTIES, "Get", "ss", WATCHER,
                          "RegisteredStatusNotifierItems")
        found = []
        for name in names:
            service, slash, path = str(name).partition("/")
            try:
                found.append(self.item(service, slash + path if slash else "/StatusNotifierItem"))
            except dbus.DBusException:
                # It went away in between.
                pass
        return found

    def item(self, service, path):
        properties = self.call(service, path, PROPERTIES, "GetAll", "s", ITEM)
        tooltip = properties.get("ToolTip", ("", [], "", ""))
        icon_name = str(properties.get("IconName", ""))
        pixmaps = [
            {"width": int(width), "height": int(height), "hash": hashlib.sha256(bytes(data)).hexdigest()}
            for width, height, data in properties.get("IconPixmap", [])
        ]
        icon = "".join(pixmap["hash"] for pixmap in pixmaps)
        if os.path.isfile(icon_name):
            with open(icon_name, "rb") as file:
                icon += file.read().hex()
        return {
            "service": service,
            "path": path,
            "id": str(properties.get("Id", "")),
            "title": str(properties.get("Title", "")),
            "status": str(properties.get("Status", "")),
            "tooltip": {"title": str(tooltip[2]), "text": str(tooltip[3])},
            "iconName": icon_name,
            "pixmaps": pixmaps,
            "iconHash": hashlib.sha256((icon or icon_name).encode()).hexdigest(),
            "menuPath": str(properties.get("Menu", "")),
        }

    def layout(self, service, menu_path):
        revision, root = self.call(service, menu_path, MENU, "GetLayout", "iias", 0, -1, dbus.Array([], "s"))
        return {"revision": int(revision), "entries": self.entry(root)["children"]}

    def entry(self, node):
        number, properties, children = node
        toggle = str(properties.get("toggle-type", ""))
        return {
            "id": int(number),
            "label": words_of(str(properties.get("label", ""))),
            "enabled": bool(properties.get("enabled", True)),
            "visible": bool(properties.get("visible", True)),
            "type": str(properties.get("type", "standard")),
            "toggleType": toggle or None,
            "toggleState": int(properties.get("toggle-state", -1)) if toggle else None,
            "children": [self.entry(child) for child in children],
        }

    def event(self, service, menu_path, number, name):
        self.call(service, menu_path, MENU, "Event", "isvu", number, name, dbus.Int32(0, variant_level=1), 0)

    def click(self, service, menu_path, number, above):
        """As a panel does it: what holds the entry is opened before."""
        for parent in above:
            try:
                self.call(service, menu_path, MENU, "AboutToShow", "i", parent)
            except dbus.DBusException:
                # Chromium refuses it for some entries; panels do not mind.
                pass
            self.event(service, menu_path, parent, "opened")
        self.event(service, menu_path, number, "clicked")
        for parent in reversed(above):
            try:
                self.event(service, menu_path, parent, "closed")
            except dbus.DBusException:
                # The click may have ended the program.
                pass

    def activate(self, service, path):
        self.call(service, path, ITEM, "Activate", "ii", 0, 0)


def main():
    dbus.mainloop.glib.DBusGMainLoop(set_as_default=True)
    bus = dbus.bus.BusConnection(os.environ["DBUS_SESSION_BUS_ADDRESS"])
    client = Client(bus)
    commands = {
        "hasName": client.has_name,
        "hostRegistered": client.host_registered,
        "items": client.items,
        "layout": client.layout,
        "click": client.click,
        "activate": client.activate,
    }
    loop = GLib.MainLoop()

    def on_signal(*_args, member=None, **_rest):
        send({"event": str(member)})

    for interface in (ITEM, MENU, WATCHER, "org.freedesktop.DBus"):
        bus.add_signal_receiver(on_signal, dbus_interface=interface, member_keyword="member")

    rest = b""

    def on_input(source, _condition):
        nonlocal rest
        data = os.read(source, 65536)
        if not data:
            loop.quit()
            return False
        *lines, rest = (rest + data).split(b"\n")
        for line in lines:
            request = json.loads(line)
            try:
                value = commands[request["do"]](*request["args"])
                send({"id": request["id"], "value": plain(value)})
            except Exception as error:  # pylint: disable=broad-except
                send({"id": request["id"], "error": f"{type(error).__name__}: {error}"})
        return True

    GLib.io_add_watch(sys.stdin.fileno(), GLib.IO_IN | GLib.IO_HUP, on_input)
    send({"event": "ready"})
    loop.run()


main()

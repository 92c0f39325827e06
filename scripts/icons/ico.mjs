// @ts-check
/** The container of Windows icons. Pure. */

/**
 * @typedef Picture
 * @property {number} size width and height, pixels, at most 256
 * @property {Uint8Array} rgba straight alpha, row by row from the top
 *
 * @typedef PackedPicture
 * @property {number} size
 * @property {Uint8Array} png
 */

/**
 * A picture given by its pixels becomes a 32-bit bitmap, which every part of Windows reads; one given as PNG stays so, as is
 * usual for 256 pixels.
 * @param {readonly (Picture | PackedPicture)[]} pictures
 * @returns {Buffer}
 */
export function toIco(pictures) {
  const bitmaps = pictures.map((picture) => ("png" in picture ? picture.png : bitmapOf(picture)));
  const head = Buffer.alloc(6 + 16 * pictures.length);
  head.writeUInt16LE(1, 2);
  head.writeUInt16LE(pictures.length, 4);
  let offset = head.length;
  for (const [at, { size }] of pictures.entries()) {
    const entry = 6 + 16 * at;
    const bytes = bitmaps[at]?.length ?? 0;
    // 0 stands for 256.
    head.writeUInt8(size & 255, entry);
    head.writeUInt8(size & 255, entry + 1);
    head.writeUInt16LE(1, entry + 4);
    head.writeUInt16LE(32, entry + 6);
    head.writeUInt32LE(bytes, entry + 8);
    head.writeUInt32LE(offset, entry + 12);
    offset += bytes;
  }
  return Buffer.concat([head, ...bitmaps]);
}

/** @param {Picture} picture */
function bitmapOf({ size, rgba }) {
  const header = Buffer.alloc(40);
  header.writeUInt32LE(40, 0);
  header.writeInt32LE(size, 4);
  // The colours and the mask below them count as one picture of twice the height.
  header.writeInt32LE(size * 2, 8);
  header.writeUInt16LE(1, 12);
  header.writeUInt16LE(32, 14);
  const maskRow = Math.ceil(size / 32) * 4;
  const colours = Buffer.alloc(size * size * 4);
  const mask = Buffer.alloc(maskRow * size);
  for (let y = 0; y < size; y += 1) {
    for (let x = 0; x < size; x += 1) {
      const from = (y * size + x) * 4;
      const row = size - 1 - y;
      const [red = 0, green = 0, blue = 0, alpha = 0] = rgba.subarray(from, from + 4);
      colours.set([blue, green, red, alpha], (row * size + x) * 4);
      if (alpha === 0) mask[row * maskRow + (x >> 3)] = (mask[row * maskRow + (x >> 3)] ?? 0) | (128 >> (x & 7));
    }
  }
  return Buffer.concat([header, colours, mask]);
}

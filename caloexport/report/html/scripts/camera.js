/**
 * Where a shower is looked at from: a parallel projection, turned about two axes.
 *
 * At yaw 0 and pitch 0 the particle flies from left to right and y points up; a positive yaw shows
 * the front face, a positive pitch looks from above. Views that share a camera turn together.
 */
export class Camera {
  static YAW = 0.55;
  static PITCH = 0.3;

  constructor() {
    this.yaw = Camera.YAW;
    this.pitch = Camera.PITCH;
    this.zoom = 1;
    this.listeners = [];
  }

  /** Call a function whenever the camera has moved. */
  onChange(listener) {
    this.listeners.push(listener);
  }

  /** Turn by angles in rad. */
  rotate(yaw, pitch) {
    this.yaw = (this.yaw + yaw) % (2 * Math.PI);
    this.pitch = Math.max(-Math.PI / 2, Math.min(Math.PI / 2, this.pitch + pitch));
    this.changed();
  }

  /** Magnify by a factor. */
  magnify(factor) {
    this.zoom = Math.max(0.4, Math.min(12, this.zoom * factor));
    this.changed();
  }

  /** Go back to where it began. */
  reset() {
    [this.yaw, this.pitch, this.zoom] = [Camera.YAW, Camera.PITCH, 1];
    this.changed();
  }

  changed() {
    for (const listener of this.listeners) listener();
  }

  /** Return directions of the page, in x, y, z of the calorimeter: right, up, to the reader. */
  directions(yaw = this.yaw, pitch = this.pitch) {
    const [cy, sy, cp, sp] = [Math.cos(yaw), Math.sin(yaw), Math.cos(pitch), Math.sin(pitch)];
    return {
      right: [-sy, 0, cy],
      up: [cy * sp, cp, sy * sp],
      toward: [-cy * cp, sp, -sy * cp],
    };
  }
}

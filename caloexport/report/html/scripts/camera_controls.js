/** Moving a camera with mouse, fingers and keys. */

const RAD_PER_PIXEL = 0.009;
const STEP = Math.PI / 24;
const KEYS = {
  ArrowLeft: (camera) => camera.rotate(-STEP, 0),
  ArrowRight: (camera) => camera.rotate(STEP, 0),
  ArrowUp: (camera) => camera.rotate(0, -STEP),
  ArrowDown: (camera) => camera.rotate(0, STEP),
  "+": (camera) => camera.magnify(1.2),
  "=": (camera) => camera.magnify(1.2),
  "-": (camera) => camera.magnify(1 / 1.2),
  0: (camera) => camera.reset(),
};

/**
 * Let dragging, two fingers, the wheel with Ctrl, and keys on an element move a camera. One finger
 * that moves up or down scrolls the page, as anywhere else.
 */
export function moveWith(element, camera) {
  const pointers = new Map();
  element.addEventListener("pointerdown", (event) => {
    pointers.set(event.pointerId, [event.clientX, event.clientY]);
    element.setPointerCapture(event.pointerId);
  });
  element.addEventListener("pointermove", (event) => {
    const before = pointers.get(event.pointerId);
    if (!before) return;
    const apart = () => {
      const [[ax, ay], [bx, by]] = [...pointers.values()];
      return Math.hypot(ax - bx, ay - by) || 1;
    };
    const old = pointers.size === 2 ? apart() : 0;
    pointers.set(event.pointerId, [event.clientX, event.clientY]);
    if (pointers.size === 2) {
      camera.magnify(apart() / old);
    } else {
      const [x, y] = [event.clientX - before[0], event.clientY - before[1]];
      camera.rotate(x * RAD_PER_PIXEL, y * RAD_PER_PIXEL);
    }
  });
  for (const end of ["pointerup", "pointercancel"]) {
    element.addEventListener(end, (event) => pointers.delete(event.pointerId));
  }
  element.addEventListener("keydown", (event) => {
    const move = KEYS[event.key];
    if (!move || event.ctrlKey || event.metaKey || event.altKey) return;
    move(camera);
    event.preventDefault();
  });
  element.addEventListener("wheel", (event) => {
    if (!event.ctrlKey && !event.metaKey) return;
    camera.magnify(Math.exp(-event.deltaY / 300));
    event.preventDefault();
  }, { passive: false });
}

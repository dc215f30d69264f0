//! A value with several owners, as `std::sync::Arc`, but that memory may be missing is an error and not the end of the
//! process.

use crate::error::Error;
use crate::graph::allocate;
use std::ffi::CStr;
use std::fmt;
use std::ops::Deref;
use std::ptr::NonNull;
use std::sync::atomic::{AtomicUsize, Ordering, fence};

struct Inner<T> {
    owners: AtomicUsize,
    value: T,
}

/// One of the owners. The last one drops the value.
pub(crate) struct Shared<T>(NonNull<[Inner<T>; 1]>);

impl<T> Shared<T> {
    /// The first owner. Errors: no memory.
    pub(crate) fn new(value: T, name: &'static CStr) -> Result<Shared<T>, Error> {
        let mut room = allocate(1, name)?;
        room.push(Inner { owners: AtomicUsize::new(1), value });
        let place: *mut [Inner<T>] = Box::into_raw(room.into_boxed_slice());
        // SAFETY: a box is not NULL; a boxed slice of one value has the layout of a boxed array of one.
        Ok(Shared(unsafe { NonNull::new_unchecked(place.cast()) }))
    }

    fn inner(&self) -> &Inner<T> {
        // SAFETY: the value lives as long as an owner does, and nobody changes it.
        let [inner] = unsafe { self.0.as_ref() };
        inner
    }
}

// SAFETY: owners give shared references on any thread, and the last one, on any thread, drops the value.
unsafe impl<T: Send + Sync> Send for Shared<T> {}
// SAFETY: likewise; a reference to an owner can make another owner.
unsafe impl<T: Send + Sync> Sync for Shared<T> {}

impl<T> Clone for Shared<T> {
    fn clone(&self) -> Self {
        // An owner exists, so that no order is needed for another one.
        self.inner().owners.fetch_add(1, Ordering::Relaxed);
        Shared(self.0)
    }
}

impl<T> Drop for Shared<T> {
    fn drop(&mut self) {
        // What other owners did comes before the value is dropped.
        if self.inner().owners.fetch_sub(1, Ordering::Release) == 1 {
            fence(Ordering::Acquire);
            // SAFETY: from a box in `new`; this was the last owner.
            drop(unsafe { Box::from_raw(self.0.as_ptr()) });
        }
    }
}

impl<T> Deref for Shared<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.inner().value
    }
}

impl<T: fmt::Debug> fmt::Debug for Shared<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        (**self).fmt(f)
    }
}

/// A copy of values. Errors: no memory.
pub(crate) fn copied<T: Clone>(values: &[T], name: &'static CStr) -> Result<Vec<T>, Error> {
    let mut own = allocate(values.len(), name)?;
    own.extend_from_slice(values);
    Ok(own)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::AtomicBool;

    struct Noted<'a>(&'a AtomicBool);

    impl Drop for Noted<'_> {
        fn drop(&mut self) {
            assert!(!self.0.swap(true, Ordering::Relaxed), "dropped twice");
        }
    }

    #[test]
    fn the_last_owner_drops_the_value() {
        let dropped = AtomicBool::new(false);
        let first = Shared::new(Noted(&dropped), c"x").expect("memory");
        let others: Vec<_> = (0..8).map(|_| first.clone()).collect();
        drop(first);
        let mut others = others.into_iter();
        let last = others.next();
        others.for_each(drop);
        assert!(!dropped.load(Ordering::Relaxed));
        drop(last);
        assert!(dropped.load(Ordering::Relaxed));
    }
}

//! The functions: values a second of our own exp, log and so on, over arrays that stay in the nearest caches and over
//! one that does not. The inputs cover both signs and both branches of each function.

mod common;

use avocet::{Function, map};
use common::{every_setting, group, measure, one_thread, portable, values, work};

fn main() {
    let mut criterion = common::criterion();
    let mut group = group(&mut criterion, "map");
    let mut run = |name: String, function: Function, len: usize, settings: &[_]| {
        let mut x = values(len, 1);
        x.iter_mut().for_each(|x| *x *= 20.0);
        if matches!(function, Function::Log | Function::Log1p) {
            x.iter_mut().for_each(|x| *x = x.abs());
        }
        let mut out = vec![0.0; len];
        // Of each value, counted in `src/simd/math.rs`.
        let flops = match function {
            Function::Exp => 25,
            Function::Log => 30,
            Function::Log1p => 36,
            Function::Sigmoid => 31,
            Function::Softplus => 63,
            Function::Tanh => 41,
        };
        let work = work(len, 8 * len).roof(&["map"], flops * len, 8 * len);
        measure(&mut group, &name, work, settings, |pool| {
            map(function, &x, &mut out, pool).unwrap();
        });
    };
    for function in Function::ALL {
        run(format!("{function:?} 16,384"), function, 16_384, &one_thread());
    }
    run("Sigmoid 4,000,000".into(), Function::Sigmoid, 4_000_000, &every_setting());
    run("Exp 1,024".into(), Function::Exp, 1_024, &portable());
    group.finish();
    criterion.final_summary();
}

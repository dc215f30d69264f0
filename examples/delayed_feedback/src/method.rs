//! The methods that are compared: which rows they learn from, with which weights, and what they serve.

use avocet::logistic::{Method as Weights, Protocol, Scheme};

use crate::heads::Head;
use crate::task::Task;

/// Which rows a method learns from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Feed {
    /// Those of a protocol.
    Protocol(Protocol),
    /// One row a click with its true label, when it is certain.
    Known,
    /// One row a click with its true label, at once: nobody can do this.
    Foreseen,
}

/// What a method serves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Serve {
    /// The probability that the model learned.
    Learned,
    /// The map of FNC from it.
    Corrected,
    /// The sum of the probabilities of two models.
    Sum,
}

/// A method.
#[derive(Clone, Copy, Debug)]
pub struct Method {
    /// The name in the JSON output.
    pub key: &'static str,
    /// The name in tables.
    pub name: &'static str,
    /// Which rows it learns from.
    pub feed: Feed,
    /// The weights of its models, one or two.
    pub schemes: [Option<Scheme>; 2],
    /// The heads that its weights read.
    pub heads: [Option<Head>; 2],
    /// What it serves.
    pub serve: Serve,
}

impl Method {
    fn new(key: &'static str, name: &'static str, feed: Feed, weights: Weights) -> Self {
        let heads = match weights {
            Weights::Fsiw => [Some(Head::InTime), Some(Head::Never)],
            Weights::EsDfm | Weights::Defuse => [Some(Head::Late), Some(Head::Never)],
            Weights::Defer | Weights::EsDfmReal => [Some(Head::Late), None],
            Weights::Ulc => [Some(Head::Ever), None],
            Weights::Dfm => [Some(Head::Rate), Some(Head::Elapsed)],
            _ => [None; 2],
        };
        let schemes = [Some(Scheme::new(weights)), None];
        Self { key, name, feed, schemes, heads, serve: Serve::Learned }
    }

    /// The same with joint weights.
    fn joint(mut self, key: &'static str, name: &'static str) -> Self {
        self.schemes.iter_mut().flatten().for_each(|scheme| scheme.joint = true);
        Self { key, name, ..self }
    }

    /// The same with heads that know the signal.
    fn with_signal(mut self, key: &'static str, name: &'static str) -> Self {
        for head in self.heads.iter_mut().flatten() {
            *head = match *head {
                Head::Late => Head::LateSignal,
                Head::Never => Head::NeverSignal,
                other => other,
            };
        }
        Self { key, name, ..self }
    }

    /// Vanilla: labels as they are when the window ends.
    pub fn vanilla() -> Self {
        Self::new("vanilla", "Vanilla", Feed::Protocol(Protocol::Window), Weights::Vanilla)
    }

    /// Waiting until the label is certain.
    pub fn wait() -> Self {
        Self::new("wait", "Wait", Feed::Known, Weights::Vanilla)
    }

    /// The true label at once.
    pub fn oracle() -> Self {
        Self::new("oracle", "Oracle", Feed::Foreseen, Weights::Vanilla)
    }

    /// DEFER without its clip.
    pub fn defer_without_clip() -> Self {
        let mut method =
            Self::new("defer_no_clip", "DEFER, no clip", Feed::Protocol(Protocol::Duplicate), Weights::Defer);
        method.schemes =
            [Some(Scheme { clip_low: 0.0, clip_high: f32::INFINITY, ..Scheme::new(Weights::Defer) }), None];
        method
    }

    /// The published methods without signals, and joint where that differs.
    pub fn published() -> Vec<Self> {
        use Protocol::{Delayed, DelayedReal, Duplicate, Immediate, ImmediateReal, Window};
        let new = |key, name, protocol, weights| Self::new(key, name, Feed::Protocol(protocol), weights);
        let fnw = new("fnw", "FNW", Immediate, Weights::Fnw);
        let fnc = Self { serve: Serve::Corrected, ..new("fnc", "FNC", Immediate, Weights::Vanilla) };
        let es_dfm = new("es_dfm", "ES-DFM", Delayed, Weights::EsDfm);
        let defuse = new("defuse", "DEFUSE", Delayed, Weights::Defuse);
        let fnw_defuse = new("fnw_defuse", "FNW-DEFUSE", Immediate, Weights::FnwDefuse);
        let es_dfm_real = new("es_dfm_rn", "ES-DFM+RN", DelayedReal, Weights::EsDfmReal);
        let in_window = new("bi_defuse", "Bi-DEFUSE", Delayed, Weights::BiDefuseInWindow);
        let late = Some(Scheme::new(Weights::BiDefuseLate));
        let bi_defuse = Self { schemes: [in_window.schemes[0], late], serve: Serve::Sum, ..in_window };
        vec![
            fnw,
            fnw.joint("fnw_joint", "FNW, joint"),
            fnc,
            new("fsiw", "FSIW", Window, Weights::Fsiw),
            es_dfm,
            es_dfm.joint("es_dfm_joint", "ES-DFM, joint"),
            new("defer", "DEFER", Duplicate, Weights::Defer),
            defuse,
            defuse.joint("defuse_joint", "DEFUSE, joint"),
            fnw_defuse,
            fnw_defuse.joint("fnw_defuse_joint", "FNW-DEFUSE, joint"),
            new("fnw_rn", "FNW+RN", ImmediateReal, Weights::FnwReal),
            es_dfm_real,
            es_dfm_real.joint("es_dfm_rn_joint", "ES-DFM+RN, joint"),
            bi_defuse,
            bi_defuse.joint("bi_defuse_joint", "Bi-DEFUSE, joint"),
            new("ulc", "ULC", Window, Weights::Ulc),
            new("dfm", "DFM", Window, Weights::Dfm),
        ]
    }

    /// ES-DFM and DEFUSE with heads that know the signal, as published and joint.
    pub fn with_signals() -> [Self; 4] {
        let new = |weights| Self::new("", "", Feed::Protocol(Protocol::Delayed), weights);
        let es_dfm = new(Weights::EsDfm).with_signal("es_dfm_signal", "ES-DFM, signal");
        let defuse = new(Weights::Defuse).with_signal("defuse_signal", "DEFUSE, signal");
        [
            es_dfm,
            es_dfm.joint("es_dfm_signal_joint", "ES-DFM, signal, joint"),
            defuse,
            defuse.joint("defuse_signal_joint", "DEFUSE, signal, joint"),
        ]
    }

    /// The methods of a task's table, from Vanilla to Oracle.
    pub fn of(task: &Task) -> Vec<Self> {
        let mut methods = vec![Self::vanilla()];
        methods.extend(Self::published());
        if task.signals.is_some() {
            methods.extend(Self::with_signals());
        }
        methods.extend([Self::wait(), Self::oracle()]);
        methods
    }
}

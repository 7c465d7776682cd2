using Tallystick.Node.Web.Parts;

namespace Tallystick.Node.Web.Activities;

/// <summary>One entry from the wish to its receipt.</summary>
/// <param name="Entry">The entry.</param>
/// <param name="Reason">Why it waits or was refused, one sentence, or null.</param>
/// <param name="Steps">What happened to it, oldest first; what is still to come is last.</param>
public sealed record Timeline(EntryModel Entry, string? Reason, IReadOnlyList<TimelineStep> Steps);

/// <summary>A step on the way of an entry.</summary>
/// <param name="Title">What happened.</param>
/// <param name="Text">What it means.</param>
/// <param name="Time">When, or null while it has not.</param>
/// <param name="Page">The page that carries it, or null.</param>
public sealed record TimelineStep(string Title, string Text, DateTimeOffset? Time, TimelinePlace? Page = null);

/// <summary>A stored page.</summary>
/// <param name="Author">Whose chain it is on, for people.</param>
/// <param name="Number">Its number there.</param>
/// <param name="Hash">Its SHA-256 in hexadecimal.</param>
/// <param name="Signature">Its author's signature in hexadecimal.</param>
public sealed record TimelinePlace(string Author, long Number, string Hash, string Signature);

using Tallystick.Core.Identity;
using Tallystick.Core.Pages;
using Tallystick.Core.Tabs;

namespace Tallystick.Core.Sync;

/// <summary>One party's signed word that a page of the other is invalid. The page itself is the evidence.</summary>
/// <param name="Tab">The tab.</param>
/// <param name="Author">Who says so (not the page's author).</param>
/// <param name="Page">The bad page with its author's signature.</param>
/// <param name="Rejection">The name of the broken rule.</param>
public sealed record Fault(TabId Tab, Party Author, SignedPage Page, string Rejection);

/// <summary>A Fault with the bytes that were hashed.</summary>
public sealed record EncodedFault(Fault Fault, ReadOnlyMemory<byte> Bytes, Hash Hash);

/// <summary>An encoded Fault and its signature.</summary>
public sealed record SignedFault(EncodedFault Content, ReadOnlyMemory<byte> Signature);

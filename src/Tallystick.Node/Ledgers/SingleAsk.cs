using Tallystick.Core.Loop;

namespace Tallystick.Node.Ledgers;

/// <summary>
/// A wish that is asked alone, on its way to its tab's loop: there it becomes part of one <see cref="Ask"/>.
/// </summary>
/// <param name="Intent">The wish.</param>
/// <param name="Returned">See <see cref="Ask.Returned"/>.</param>
internal sealed record SingleAsk(Intent Intent, long Returned) : TabInput;

namespace Tallystick.Bench.Http;

/// <summary>What payments over HTTP gave.</summary>
/// <param name="Payments">As of any payments; the callers' processor time is not in it.</param>
/// <param name="CallersMicroseconds">Processor time of the callers for each payment.</param>
/// <param name="PaymentsOnPage">Payments on a page, on average.</param>
internal sealed record HttpFigures(Figures Payments, double CallersMicroseconds, double PaymentsOnPage);

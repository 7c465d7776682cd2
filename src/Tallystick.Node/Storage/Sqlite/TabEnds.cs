using Tallystick.Core.Pages;
using Tallystick.Core.Tabs;

namespace Tallystick.Node.Storage.Sqlite;

/// <summary>Where a tab stands in the book, so that the next commit need not look it up.</summary>
/// <param name="Row">Its row.</param>
/// <param name="Me">This node's party.</param>
/// <param name="Newest">Its newest reset, or null.</param>
/// <param name="Zero">Where the next page of party zero goes on.</param>
/// <param name="One">Where the next page of party one goes on.</param>
internal readonly record struct TabEnds(long Row, Party Me, ResetRows.Newest? Newest, Head Zero, Head One);
